"""Which kinds of document there are, and which of them nobody publishes."""

from collections.abc import Mapping
from typing import Literal

BriefingKind = Literal["annual", "inspection", "department", "comparison"]
INTERNAL_KINDS: frozenset[BriefingKind] = frozenset({"inspection"})
# What a document is called beside those of departments, which have the department's name.
KIND_WORDS: Mapping[str, str] = {
    "annual": "計画全体",
    "inspection": "点検票",
    "comparison": "計画の比較",
}
