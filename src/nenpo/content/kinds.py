"""Which kinds of document there are, and which of them nobody publishes."""

from typing import Literal

BriefingKind = Literal["annual", "inspection", "department", "comparison"]
INTERNAL_KINDS: frozenset[BriefingKind] = frozenset({"inspection"})
