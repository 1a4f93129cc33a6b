"""Where a row stands: its line in the data, its page and line in the printed source, its name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from nenpo.analysis.items import list_measure_labels, list_titles, number_items
from nenpo.data.plan import Plan

_HEADER = 1  # lines of a CSV file above its first row


@dataclass(frozen=True)
class Spot:
    """A row of the data: its file below ``data/<plan>/``, the line on which it begins, and its id.

    ``name`` is what its source calls it: the number of a measure and a title. ``line`` is None for
    what stands in no row, ``source_line`` for what was taken from no source.
    """

    file: str
    line: int | None = None
    row: str = ""
    name: str = ""
    source: str = ""
    source_line: int | None = None

    @property
    def place(self) -> str:
        """The file with the line: 「2021/progress.csv:3」."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


def locate(plan: Plan, file: str, row: str) -> tuple[Spot, ...]:
    """Return the rows with an id in a table, such as 「2021/progress.csv」; none without any.

    Rows that cite nothing (who is in charge) stand where the item's progress is printed.
    """
    return tuple(spot for spot in list_spots(plan, file) if spot.row == row)


def locate_any(plan: Plan, files: Iterable[str], row: str) -> tuple[Spot, ...]:
    """Return the rows with an id in the first of the tables that has some."""
    return next((found for file in files if (found := locate(plan, file, row))), ())


@lru_cache(maxsize=256)  # a plan is never changed
def list_spots(plan: Plan, file: str) -> tuple[Spot, ...]:
    """Return a spot for each row of a table, in the order of the file."""
    table, names = _find_table(plan, file), name_rows(plan)
    key = "id" if "id" in table.columns else str(table.columns[0])
    cited = _list_cited(plan, file, table, key)
    rows = zip(number_lines(table), table[key], cited, strict=True)
    return tuple(
        Spot(file, line, str(row), names.get(str(row), ""), *place) for line, row, place in rows
    )


def _find_table(plan: Plan, file: str) -> pd.DataFrame:
    year, _, name = file.rpartition("/")
    held = plan.years[int(year)] if year else plan
    found: pd.DataFrame = getattr(held, name.removesuffix(".csv"))
    return found


def _list_cited(
    plan: Plan, file: str, table: pd.DataFrame, key: str
) -> Iterator[tuple[str, int | None]]:
    """Yield the source and line of each row."""
    if "source" in table.columns:
        yield from zip(table["source"], table["line"], strict=True)
        return
    year = file.rpartition("/")[0]
    beside = list_spots(plan, f"{year}/progress.csv") if year else ()
    printed = {spot.row: (spot.source, spot.source_line) for spot in beside}
    yield from (printed.get(str(row), ("", None)) for row in table[key])


def number_lines(table: pd.DataFrame) -> list[int]:
    """Return the line of the file on which each row begins: a cell may hold line breaks.

    >>> number_lines(pd.DataFrame({"text": ["a", "b\\nc", "d"]}, dtype="str"))
    [2, 3, 5]
    """
    texts = [table[column] for column in table.columns if table[column].dtype == "str"]
    heights = [1 + sum(cell.count("\n") for cell in cells) for cells in zip(*texts, strict=True)]
    begun = [_HEADER + 1]
    for height in heights:
        begun.append(begun[-1] + height)
    return begun[: len(table)]


@lru_cache(maxsize=64)
def name_rows(plan: Plan) -> dict[str, str]:
    """Return what the rows of a plan are called by id: 「1-1-①-2 窓口の改善」, or a name."""
    titles, labels = list_titles(plan), {**list_measure_labels(plan), **number_items(plan)}
    parts = {name: f"{labels.get(name, '')} {title}".strip() for name, title in titles.items()}
    return {
        **dict(zip(plan.statements["statement"], plan.statements["title"], strict=True)),
        **dict(zip(plan.figures["figure"], plan.figures["title"], strict=True)),
        **dict(zip(plan.indicators["indicator"], plan.indicators["name"], strict=True)),
        **plan.department_names,
        **parts,
    }


def tell_printed(plan: Plan, spots: Iterable[Spot], *, numbered: bool = True) -> str:
    """Return where spots are printed: 「出典1 一覧2頁 88行（1-1-⑤-1）、89行（1-1-⑤-2）」.

    Each source on a line of its own, without its number where the plan has one alone; "" for what
    has no source. ``numbered``: with the numbers of items.
    """
    numbers = number_items(plan) if numbered else {}
    several = len(plan.meta.sources) > 1
    lines = []
    for source in plan.meta.sources:
        named: dict[int, list[str]] = {}  # a line once, with all that stands on it
        for spot in spots:
            if spot.source == source.id and spot.source_line is not None:
                number = numbers.get(spot.row)
                named.setdefault(spot.source_line, []).extend([number] if number else [])
        told, page = [], ""
        for line, items in named.items():
            number = f"（{'、'.join(dict.fromkeys(items))}）" if items else ""
            found = source.find_page(line)
            begun = f"{found} " if found and found != page else ""
            told.append(f"{begun}{line}行{number}")
            page = found
        if told:
            shown = "、".join(told)
            lines.append(f"{cite_source(plan, source.id)} {shown}" if several else shown)
    return "\n".join(lines)


def tell_data(spots: Iterable[Spot], fiscal_year: int) -> str:
    """Return where spots stand in the data: 「progress.csv:96、105」, a file a line.

    The folder of the fiscal year is left out.
    """
    files: dict[str, list[str]] = {}
    for spot in spots:
        lines = files.setdefault(spot.file.removeprefix(f"{fiscal_year}/"), [])
        lines += [] if spot.line is None else [str(spot.line)]
    told = ((file, "、".join(dict.fromkeys(lines))) for file, lines in files.items())
    return "\n".join(f"{file}:{lines}" if lines else file for file, lines in told)


def cite_source(plan: Plan, source: str) -> str:
    """Return a source by its place in the list of sources: 「出典2」."""
    return f"出典{[entry.id for entry in plan.meta.sources].index(source) + 1}"


def name_sources(plan: Plan, sources: Iterable[str]) -> str:
    """Return what the numbers of sources stand for: 「出典1は「…」である。」."""
    cited = set(sources)
    told = "、".join(
        f"{cite_source(plan, source.id)}は「{source.title}」"
        for source in plan.meta.sources
        if source.id in cited
    )
    return f"{told}である。" if told else ""
