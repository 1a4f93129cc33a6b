"""Where the names in a table lead: to the documents beside this one, to the rows of a long list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

# What stands beside a name in a list of names.
_BESIDE = r"\s、，,・／/：:（）()［］＊"
_CUT_OFF = "…"

Parts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Links:
    """The addresses of ``documents`` by what tables call them, the ids of ``rows`` by their names.

    A document is found as one of several names in a cell, a row by the whole cell, of which the
    end may be cut off.
    """

    documents: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)

    def split_cell(self, text: str) -> Parts:
        """Return the text in pieces, each with where it leads or ""; () if nothing in it does.

        >>> Links({"職員課": "shokuin.html"}).split_cell("職員課、職員課長")
        (('', ''), ('職員課', 'shokuin.html'), ('、職員課長', ''))
        """
        if row := self._find_row(text):
            return ((text, f"#{row}"),)
        pieces = self._names.split(text) if self.documents else [text]
        addresses = (self.documents[name] if n % 2 else "" for n, name in enumerate(pieces))
        return tuple(zip(pieces, addresses, strict=True)) if len(pieces) > 1 else ()

    def _find_row(self, text: str) -> str:
        start = text.removesuffix(_CUT_OFF)
        if start == text or not start:
            return self.rows.get(text, "")
        return next((row for name, row in self.rows.items() if name.startswith(start)), "")

    @cached_property
    def _names(self) -> re.Pattern[str]:
        names = "|".join(map(re.escape, sorted(self.documents, key=len, reverse=True)))
        return re.compile(rf"(?:(?<=[{_BESIDE}])|^)({names})(?=[{_BESIDE}]|$)", re.MULTILINE)


NO_LINKS = Links()
