"""A list as an office keeps it → the files of a project, and everything that was guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nenpo.data.explain import refuse_all
from nenpo.data.schema.columns import Row
from nenpo.data.schema.tables import TABLES, list_columns
from nenpo.data.writing import write_table
from nenpo.errors import InputRefused, Words
from nenpo.language.fiscal import fiscal_year_label
from nenpo.workbooks.book import Book
from nenpo.workbooks.reading.opening import open_book
from nenpo.workbooks.starting.declared import (
    Declared,
    find_period,
    find_terms,
    find_title,
    find_town,
    shorten_title,
    write_params,
    write_plan,
)
from nenpo.workbooks.starting.doubts import drop_doubtful, look_over
from nenpo.workbooks.starting.drafts import Draft
from nenpo.workbooks.starting.guesses import Guesses, write_report
from nenpo.workbooks.starting.listing import join_legend
from nenpo.workbooks.starting.own_columns import OWN
from nenpo.workbooks.starting.project import read_notebooks, write_readme
from nenpo.workbooks.starting.scale import Scale, find_scale
from nenpo.workbooks.starting.settling import settle_draft
from nenpo.workbooks.starting.tables import (
    Table,
    find_listings,
    guess_report_year,
    list_titles,
    read_tables,
    refuse_nameless,
    refuse_unread,
)
from nenpo.workbooks.starting.times import find_years

REPORT = "init-report.md"
_LIST = Words(
    "一覧表のブック（.xlsx など）か CSV を指定すること。", "Give a list, as a workbook or a CSV."
)


@dataclass(frozen=True)
class Wishes:
    """What whoever begins a project knows, and a list need not say."""

    plan: str = "keikaku"
    fiscal_year: int | None = None
    municipality: str = ""


@dataclass(frozen=True)
class Adopted:
    """The files of the project by path, its plan and year, what it holds, what was guessed."""

    files: Mapping[str, bytes]
    plan: str
    fiscal_year: int
    counts: tuple[str, ...]
    guesses: Guesses


def adopt_list(path: Path, wishes: Wishes) -> Adopted:
    """Return a project of what the list in a file says; see :func:`adopt_book`."""
    return adopt_book(open_book(path, path.name, _LIST), path.stem, wishes)


def adopt_book(book: Book, stem: str, wishes: Wishes) -> Adopted:
    """Return a project of what a list says; ``stem`` is what the file is called.

    Raises ``InputRefused`` with every cell that no table can hold, and with what is missing.
    """
    guesses = Guesses()
    for note in book.notes:
        guesses.look(book.name, "{}", "{}", note)
    listings = find_listings(book, guesses)
    year = wishes.fiscal_year or guess_report_year(listings, stem)
    if not listings or year is None:
        raise InputRefused(problems=[refuse_unread(book, listings)])
    if wishes.fiscal_year is None:
        guesses.look(
            book.name,
            "報告の年度を{}とみた",
            "the fiscal year was taken as {}",
            Words(fiscal_year_label(year), str(year)),
        )
    elif (stated := guess_report_year(listings, stem)) not in (None, year):
        guesses.warn(
            book.name,
            "指定の年度は{}であるが、表は{}の報告とみえる",
            "the year given is {}, but the list seems to report {}",
            Words(fiscal_year_label(year), str(year)),
            Words(fiscal_year_label(stated), str(stated)),
        )
    tables = read_tables(listings, year, guesses)
    if not any("title" in table.meanings and table.entries for table in tables):
        raise InputRefused(problems=[refuse_nameless(book.name, listings, tables)])
    # Indicators of a table of their own follow the goals of the items.
    tables.sort(key=lambda table: "title" not in table.meanings)
    titles = list_titles(book, listings)
    return _Adoption(book.name, stem, wishes, year, tables, titles, guesses).finish()


@dataclass(frozen=True)
class _Adoption:
    """One list on its way to a project."""

    name: str
    stem: str
    wishes: Wishes
    year: int
    tables: Sequence[Table]
    titles: Sequence[str]
    guesses: Guesses

    def finish(self) -> Adopted:
        for table in self.tables:
            drop_doubtful(table)
        declared = self._declare()
        scale = self._find_scale()
        draft = Draft(self.year, declared.period[1], self.guesses)
        for table in self.tables:
            for entry in table.entries:
                if "title" in table.meanings:
                    draft.add_item(entry, scale, table.sheet_says)
                else:
                    draft.add_indicator(entry)
        terms = self._find_terms(draft)
        settle_draft(
            draft, terms.get("goal", "目標"), terms.get("item", "取組"), declared.short_title
        )
        look_over(self.tables, self.year, self.guesses)
        refuse_all(self.guesses.problems)
        files = self._write_tables(declared, draft)
        aspects = self._name_aspects(draft)
        columns = [name for name in OWN if name in draft.columns]
        plan = write_plan(
            declared,
            draft.goals,
            terms,
            scale,
            actors=draft.actors,
            aspects=aspects,
            columns=columns,
        )
        files[f"data/{declared.plan}/plan.yaml"] = plan.encode()
        files[f"params/{declared.plan}/{self.year}.yaml"] = write_params(declared).encode()
        files["README.md"] = write_readme(declared.plan, self.year)
        files |= read_notebooks(self._open_by_hand(declared, draft))
        counts = tuple(_count(draft, scale))
        self._look(draft)
        title = str(Words("{} から読み取ったこと", "What was read from {}").fill(self.name))
        files[REPORT] = write_report(title, [*counts], self.guesses).encode()
        return Adopted(files, declared.plan, self.year, counts, self.guesses)

    def _declare(self) -> Declared:
        texts = [text.text for table in self.tables for text in table.listing.above]
        texts += self.titles
        title, is_named = find_title(texts, self.stem)
        town = self.wishes.municipality or find_town([title, *texts, self.stem])
        name = self.name
        self.guesses.look(
            name, "計画の名称を「{}」とした", "the plan's title was taken as '{}'", title
        )
        if not is_named:
            self.guesses.look(name, "計画の名称が表にない", "the list does not name the plan")
        if not town:
            ja, en = (
                "団体の名称が表にない（plan.yaml に書くこと）",
                "write the municipality into plan.yaml",
            )
            self.guesses.look(name, ja, en)
        elif not self.wishes.municipality:
            self.guesses.look(
                name, "団体を「{}」とみた", "the municipality was taken as '{}'", town
            )
        period = find_period(texts)
        if period is None or not period[0] <= self.year <= period[1]:
            labels = [column.label for table in self.tables for column in table.listing.columns]
            # What was before the plan is no part of it.
            labels = [each for each in labels if not re.search("現状|基準|策定|当初", each)]
            years = [self.year, *(year for label in labels for year in find_years(label))]
            period = min(years), max(years)
            ja, en = "計画の期間を{}〜{}年度とみた", "the period was taken as {} to {}"
            self.guesses.look(name, ja, en, str(period[0]), str(period[1]))
        return Declared(
            self.wishes.plan, title, shorten_title(title, town), town, self.year, period
        )

    def _find_scale(self) -> Scale | None:
        cells, others, around, place = list[str](), list[str](), list[str](), ""
        for table in self.tables:
            around += join_legend(table.listing.around)
            for entry in table.entries:
                others += [entry.read(meaning) for meaning in ("last_status", "again_status")]
                if told := entry.told.get("status"):
                    cells.append(entry.read("status"))
                    place = place or told[0].heading.place
        around += [column.label for table in self.tables for column in table.listing.columns]
        if not cells:
            return None
        scale = find_scale(cells, around, others)
        if scale is None:
            ja = "進捗の列は、記号の列ではないか、よしあしが分からないので、文章とした"
            en = (
                "the status is taken as text: it holds no marks, or nobody can tell which is better"
            )
            self.guesses.warn(place, ja, en)
            return None
        for mark in scale.marks:
            ja, en = "区分「{}」（{}）→ {}", "mark '{}' ({}) → {}"
            kind = _TONES[mark.tone]
            self.guesses.guess(place, ja, en, mark.mark, mark.label, kind)
            if not mark.has_meaning:
                ja = "区分「{}」の意味が表にない（plan.yaml の label に書くこと）"
                en = "the list does not say what '{}' means: write it into plan.yaml (label)"
                self.guesses.look(place, ja, en, mark.mark)
        return scale

    def _find_terms(self, draft: Draft) -> dict[str, str]:
        labels = dict[str, str]()
        for table in self.tables:
            for heading in table.headings:
                labels.setdefault(heading.meaning, heading.label)
        names = [row["name"] for row in draft.departments]
        return find_terms(labels, names, [label for _, label, _ in draft.goals])

    def _name_aspects(self, draft: Draft) -> dict[str, str]:
        used = {row["aspect"] for row in draft.sheets}
        labels = {h.meaning: h.label for t in self.tables for h in t.headings}
        named = {
            "content": labels.get("content", "内容"),
            "indicator": labels.get("indicator", "指標"),
        }
        return {key: label for key, label in named.items() if key in used}

    def _write_tables(self, declared: Declared, draft: Draft) -> dict[str, bytes]:
        folder, year = f"data/{declared.plan}", str(self.year)
        tables: dict[str, list[dict[str, str]]] = {
            "measures.csv": draft.measures,
            "items.csv": draft.items,
            "departments.csv": draft.departments,
            "sheets.csv": draft.sheets,
            "schedule.csv": draft.schedule,
            "indicators.csv": draft.indicators.rows,
            "targets.csv": draft.indicators.targets,
            f"{year}/progress.csv": draft.progress,
            f"{year}/assignments.csv": draft.assignments,
            **{f"{n}/actuals.csv": rows for n, rows in draft.indicators.actuals.items()},
        }
        return {
            f"{folder}/{file}": _write(TABLES[file.rpartition("/")[2]], rows)
            for file, rows in tables.items()
            if rows
        }

    def _open_by_hand(self, declared: Declared, draft: Draft) -> dict[str, str]:
        named = [row["department"] for row in draft.departments if row["kind"] != "generic"]
        return {
            "plan": declared.plan,
            "fiscal_year": str(self.year),
            "as_of": f"{self.year + 1}-03-31",
            "issued": f"{self.year + 1}-06-30",
            **({"department": named[0]} if named else {}),
        }

    def _look(self, draft: Draft) -> None:
        led = {row["item"] for row in draft.assignments if row["role"] == "lead"}
        silent = [
            row["item"] for row in draft.items if row["item"] not in led and row["actor"] == "ward"
        ]
        if silent:
            ja, en = (
                "担当のない取組が{}件ある（{} など）",
                "{} item(s) have nobody in charge ({} …)",
            )
            self.guesses.look("items.csv", ja, en, len(silent), silent[0])
        if draft.departments:
            ja = "部署は、表に出た順に並べた（departments.csv の order を建制順に直すこと）"
            en = "departments stand in the order of the list: correct order in departments.csv"
            self.guesses.look("departments.csv", ja, en)


_TONES = {
    "good": Words("よい", "good"),
    "neutral": Words("変更", "changed"),
    "caution": Words("注意", "caution"),
    "bad": Words("悪い", "bad"),
}


def _write(model: type[Row], rows: Sequence[Mapping[str, Any]]) -> bytes:
    fields = model.model_fields
    used = {column for row in rows for column, cell in row.items() if cell}
    columns = [
        c for c, name in list_columns(model).items() if fields[name].is_required() or c in used
    ]
    return write_table(columns, rows)


def _count(draft: Draft, scale: Scale | None) -> list[str]:
    marks = " ".join(mark.mark for mark in scale.marks) if scale else "—"
    reported = sum(any(v for k, v in row.items() if k != "item") for row in draft.progress)
    told = (
        (Words("取組", "items"), len(draft.items)),
        (Words("うち進捗の記載があるもの", "of which reported"), reported),
        (Words("目標", "goals"), len(draft.goals)),
        (Words("施策", "measures"), len(draft.measures)),
        (Words("部署", "departments"), len(draft.departments)),
        (Words("指標", "indicators"), len(draft.indicators.rows)),
        (Words("進捗区分", "marks"), marks),
    )
    return [f"{name}: {value}" for name, value in told]
