"""Outputs against the accepted state, or against other outputs: what changed, and why."""
