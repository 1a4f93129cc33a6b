"""What all workbooks that nenpo draws have in common: the same bytes each time, text as text."""

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from nenpo.workbooks.packing import pack_anew

# Excel notes when a workbook was made: ours say the same, whenever that is.
CREATED = datetime(2000, 1, 1)
"""When workbooks of nenpo say that they were made and saved: no clock is in their bytes."""
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FONT = "BIZ UDPゴシック"  # in Windows since 2018; where it is missing, Excel takes its own
_A4 = 9
_LONGEST_FOOTER = 70  # of each side: Excel takes 255 characters in all


class FittedSheet(Worksheet):
    """A sheet whose rows have the height given, and grow with what one types into them.

    xlsxwriter (3.3) marks each height as custom, and Excel then leaves it as it is: of a long
    answer one would see the beginning.
    """

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        if tag == "row":
            attributes = [(name, value) for name, value in attributes if name != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)


@dataclass
class Drawing:
    """A workbook in the making; ``title`` stands in its properties and below each page."""

    title: str
    target: BytesIO = field(default_factory=BytesIO)
    formats: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.workbook = Workbook(self.target, _OPTIONS)
        self.workbook.set_properties({"title": self.title, "created": CREATED})

    def close(self) -> bytes:
        """Return the bytes of the workbook, to which nothing is added any more."""
        self.workbook.close()
        # xlsxwriter names no day in the archive, but the system that it runs on.
        return pack_anew(self.target.getvalue())

    def style(self, **properties: Any) -> Format:
        """Return the format with these properties; each is written once."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            base = {"font_name": _FONT, "font_size": 10, "valign": "top", "text_wrap": True}
            self.formats[key] = self.workbook.add_format({**base, **properties})
        return self.formats[key]

    def open_sheet(self, name: str, marker: str, footer: str) -> Worksheet:
        """Add a sheet, A4 across, with its marker, if it has one, in a hidden row and column.

        ``footer`` stands at the left below each page.
        """
        sheet: Worksheet = self.workbook.add_worksheet(name, FittedSheet)
        sheet.hide_gridlines(2)
        if marker:
            sheet.set_row(0, None, None, {"hidden": True})
            sheet.set_column(0, 0, None, None, {"hidden": True})
            sheet.write_string(0, 0, marker)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.65)
        # A & begins a code there; doubled, it might be cut in two.
        left, right = (text.replace("&", "＆")[:_LONGEST_FOOTER] for text in (footer, self.title))
        sheet.set_footer(f"&L{left}&C&P / &N&R{right}")
        return sheet

    def style_title(self) -> Format:
        """Return the format of a sheet's title, which runs over the cells beside it."""
        return self.style(bold=True, font_size=14, text_wrap=False, valign="vcenter")
