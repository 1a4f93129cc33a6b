"""nenpo (年報): a municipality's plan data in, accessible briefing documents out."""
