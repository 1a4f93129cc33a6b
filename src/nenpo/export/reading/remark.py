"""What whoever made a notebook should know of one of its cells, while its document can be made."""

from dataclasses import dataclass

from nenpo.errors import Words


@dataclass(frozen=True)
class Remark:
    """``what`` a cell did that a document does not show, or shows less well; ``place`` names it."""

    place: Words
    what: Words

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"
