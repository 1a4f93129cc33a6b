"""What no document can show, told without its place: the reader of the cell adds that."""

from nenpo.errors import Words

CORRECT = Words(
    "文・表・図として表示するか、セルを直すこと。",
    "Show it as sentences, a table or a figure, or correct the cell.",
)


class Unusable(ValueError):
    """``what`` a cell holds that no document can show, and the ``remedy``."""

    def __init__(self, what: Words, remedy: Words = CORRECT) -> None:
        super().__init__(what.en)
        self.what, self.remedy = what, remedy
