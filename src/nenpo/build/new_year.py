"""The next fiscal year of a plan: its data and its params, from those of the year before."""

import os
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from nenpo.build.carried import Carried, Headings, carry_year
from nenpo.build.isolated.processes import hold_signals
from nenpo.build.params import list_editions, list_series, read_edition
from nenpo.data.explain import collect, refuse_all
from nenpo.data.headings import read_table
from nenpo.data.plan_files import read_rows
from nenpo.data.project import require_plan
from nenpo.data.proposed import describe_proposed
from nenpo.data.reading import read_text
from nenpo.data.replace import HeldPlan, hold_plan
from nenpo.data.schema.declarations import Edition, list_dates
from nenpo.data.schema.tables import YEAR_TABLES
from nenpo.data.shared_files import COMPARISON
from nenpo.errors import InputError, NoNewYear, Words
from nenpo.files import remove_folder, write_atomically
from nenpo.language.fiscal import fiscal_year_label, fiscal_year_long

# A sample says of its words that they are a summary, which a department's answers are not.
_NO_SAMPLE = Words(
    "params/{}.yaml は見本（sample: true）のままである。各部署の回答から作る文書には"
    " sample: false とし、「（見本）」とある項目を改めること。",
    "params/{}.yaml still says sample: true; for documents of departments' own answers make it "
    "false, and change what calls itself a sample (見本).",
)

_MADE = Words(
    "{0}の data/{1}/ と params/{1}.yaml を、{2}のものから作った。",
    "made data/{1}/ and params/{1}.yaml for fiscal year {0} from those of {2}.",
)
_MADE_PARAMS = Words(
    "{}の params/{}.yaml を、{}のものから作った。",
    "made params/{1}.yaml for fiscal year {0} from those of {2}.",
)
_COMPARED = Words(
    "比べる値は data/comparison.yaml と data/comparisons.csv のものである。"
    "新しい年度の値があれば、書き改めること。",
    "what is compared stands in data/comparison.yaml and data/comparisons.csv; change there what "
    "has new values.",
)
_BUILD = Words("nenpo build {}  文書を作る", "nenpo build {}  makes the documents")


@dataclass(frozen=True)
class NewYear:
    """What was made for ``plan``, from which year, and what a person has to decide.

    ``plan`` may be the comparison of the plans, whose years have params and no data.
    """

    plan: str
    fiscal_year: int
    before: int
    told: tuple[Words, ...]
    notes: tuple[Words, ...]


def start_year(root: Path, plan: str, fiscal_year: int, before: int | None = None) -> NewYear:
    """Make ``data/<plan>/<fiscal_year>/`` and ``params/<plan>/<fiscal_year>.yaml``, both or none.

    Of the comparison of the plans, the params alone. ``before`` is the year to take them from, the
    one just before if None. Raises ``UnknownPlan``, ``DataLocked``, ``WriteFailed``, and
    ``InputRefused`` with everything that speaks against it.
    """
    if plan == COMPARISON and plan in list_series(root):
        return _start_comparison(root, fiscal_year, before)
    require_plan(root, plan)
    with hold_plan(root, plan) as held:
        problems = list[InputError]()
        source = _choose_source(root, plan, fiscal_year, before, problems)
        rows = collect(problems, partial(read_rows, root, plan))
        edition = collect(problems, partial(read_edition, root, plan, source)) if source else None
        carried = None
        if rows and source:
            headings = _read_headings(root, plan, source)
            carried = carry_year(rows, source, fiscal_year, headings)
        problems.extend(_refuse_existing(root, plan, fiscal_year, carried))
        refuse_all(problems)
        assert source is not None
        assert edition is not None
        assert carried is not None  # otherwise there was a problem
        params = _move_params(root, plan, source, fiscal_year)
        _put_in_place(root, held, f"{plan}/{fiscal_year}", carried.files, params)
    notes = (*carried.notes, *_note_sample(edition, f"{plan}/{fiscal_year}"))
    return NewYear(plan, fiscal_year, source, carried.told, notes)


def _start_comparison(root: Path, fiscal_year: int, before: int | None) -> NewYear:
    problems = list[InputError]()
    source = _choose_source(root, COMPARISON, fiscal_year, before, problems)
    edition = collect(problems, partial(read_edition, root, COMPARISON, source)) if source else None
    problems.extend(_refuse_existing(root, COMPARISON, fiscal_year, None))
    refuse_all(problems)
    assert source is not None
    assert edition is not None  # otherwise there was a problem
    params = _move_params(root, COMPARISON, source, fiscal_year)
    with hold_signals():
        write_atomically(_find_params(root, COMPARISON, fiscal_year), params)
    notes = (_COMPARED, *_note_sample(edition, f"{COMPARISON}/{fiscal_year}"))
    return NewYear(COMPARISON, fiscal_year, source, (), notes)


def _note_sample(edition: Edition, name: str) -> list[Words]:
    return [_NO_SAMPLE.fill(name)] if edition.sample else []


def tell_new_year(made: NewYear) -> Iterator[str]:
    """Yield what was made, what to decide, and what to do next, line by line."""
    edition = f"{made.plan}/{made.fiscal_year}"
    year, before = (
        Words(fiscal_year_label(each), str(each)) for each in (made.fiscal_year, made.before)
    )
    yield str((_MADE_PARAMS if made.plan == COMPARISON else _MADE).fill(year, edition, before))
    yield from (f"  {line}" for line in made.told)
    yield from (f"{Words('注記', 'note')}: {line}" for line in made.notes)
    yield str(Words("次にすること", "What to do next"))
    steps = [_BUILD.fill(edition)] if made.plan == COMPARISON else _list_steps(edition)
    yield from (f"  {number}. {step}" for number, step in enumerate(steps, 1))


def _list_steps(edition: str) -> list[Words]:
    ask = f"nenpo survey make {edition} --to DIR"
    return [
        Words("{}  部署に送る調査票を作る", "{}  makes the workbooks to send out").fill(ask),
        Words("{}  返ってきた調査票を取り込む", "{}  takes in what came back").fill(
            "nenpo survey collect DIR"
        ),
        Words(
            "{}  文書を作る（今すぐでもよい。全て「未報告」となる）", "{}  makes the documents"
        ).fill(f"nenpo build {edition}"),
    ]


def _choose_source(
    root: Path, plan: str, fiscal_year: int, before: int | None, problems: list[InputError]
) -> int | None:
    """Return the year to begin from, which has params; None, with the reason, if there is none."""
    editions = list_editions(root, plan)
    earlier = [year for year in editions if year < fiscal_year]
    known = ", ".join(map(str, editions)) or "—"
    place = f"params/{plan}/"
    if before is not None:
        if before in earlier:
            return before
        why = Words("{}年度より前の年度 {} がない", "there is no year {1} before {0}")
        remedy = Words("--from は {} から選ぶこと", "choose one of {} for --from")
    elif not editions:
        why = Words("この計画には年度の条件が一つもない", "this plan has no params of any year")
        remedy = Words(
            "新しい年度は前の年度から作る。文書を作る計画であれば、最初の年度の条件を手引き"
            "「計画を加える」のとおりに書くこと。比べるためだけの計画に年度は要らない",
            "a new year is made from the one before; if documents are to be made of the plan, "
            "write the params of its first year as the guide says under 'Add a plan'. A plan that "
            "others are only compared with needs none",
        )
    elif not earlier:
        why = Words("{}年度の前の年度がない", "there is no year before {}")
        remedy = Words(
            "最初の年度の条件（ある年度: {}）は手引き「計画を加える」のとおりに書くこと",
            "write the params of a first year as the guide says under 'Add a plan' (there are: {})",
        )
    elif earlier[-1] == fiscal_year - 1:
        return earlier[-1]
    else:
        why = Words("{}年度は {} 年度の次の年度ではない", "{} is not the year after {}")
        remedy = Words(
            "次の年度は {} である。間を空けるなら --from {} を付けること",
            "the next is {}; to leave years out, give --from {}",
        )
        last = earlier[-1]
        told, next_ = why.fill(fiscal_year, last), remedy.fill(last + 1, last)
        problems.append(_refuse(place, told, next_))
        return last
    problems.append(_refuse(place, why.fill(fiscal_year, before), remedy.fill(known)))
    return None


def _read_headings(root: Path, plan: str, fiscal_year: int) -> Headings:
    """Return what heads the columns of a year's tables, which are valid."""
    folder = root / "data" / plan / str(fiscal_year)
    paths = (folder / file for file in YEAR_TABLES)
    return {
        path.name: read_table(path, path.relative_to(root).as_posix()).headings
        for path in paths
        if path.is_file()
    }


def _refuse(place: str, why: Words, remedy: Words) -> NoNewYear:
    return NoNewYear(place=place, why=why, remedy=Words(f"{remedy.ja}。", f"{remedy.en}."))


def _refuse_existing(
    root: Path, plan: str, fiscal_year: int, carried: Carried | None
) -> Iterator[InputError]:
    """Yield what would be overwritten; data that a killed command has put there are its own."""
    folder, params = root / "data" / plan / str(fiscal_year), _find_params(root, plan, fiscal_year)
    there = [path for path in (folder, params) if os.path.lexists(path)]
    if there == [folder] and carried and _holds(folder, carried.files):
        return
    for path in there:
        place = path.relative_to(root).as_posix()
        why = Words("既にあるので、上書きしない", "it is there already and is not replaced")
        remedy = Words("作り直すなら、ほかへ移すこと", "move it elsewhere to have it made anew")
        yield _refuse(place, why, remedy)


def _holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Return whether a folder holds these files and nothing else."""
    if not folder.is_dir() or folder.is_symlink():
        return False
    found = {path.name: path for path in folder.iterdir()}
    return found.keys() == files.keys() and all(
        path.is_file() and path.read_bytes() == files[name] for name, path in found.items()
    )


def _find_params(root: Path, plan: str, fiscal_year: int) -> Path:
    return root / "params" / plan / f"{fiscal_year}.yaml"


def _move_params(root: Path, plan: str, before: int, fiscal_year: int) -> str:
    """Return the params of ``before`` for the new year, with every comment where it stands."""
    path = _find_params(root, plan, before)
    text = read_text(path, path.relative_to(root).as_posix())
    years, values = fiscal_year - before, dict[str, str]()
    node: Any = yaml.compose(text, yaml.SafeLoader)
    scalars = {key.value: value for key, value in node.value}
    for key in list_dates(Edition):
        if key in scalars and re.fullmatch(r"[0-9-]{10}", scalars[key].value):
            values[key] = f'"{_move_day(scalars[key].value, years)}"'
    values |= {"fiscal_year": str(fiscal_year), "state": "draft", "revision": "0"}
    changed = [(scalars[key], value) for key, value in values.items() if key in scalars]
    for scalar, value in sorted(changed, key=lambda pair: -pair[0].start_mark.index):
        text = text[: scalar.start_mark.index] + value + text[scalar.end_mark.index :]
    return _rename_year(text, node.start_mark.index, before, fiscal_year)


def _rename_year(text: str, end: int, before: int, fiscal_year: int) -> str:
    """Return the text; where its heading names the fiscal year, it names the new one."""
    heading = text[:end]
    for name in (fiscal_year_long, fiscal_year_label, lambda year: f"{year}年度"):
        heading = heading.replace(name(before), name(fiscal_year))
    return heading + text[end:]


def _move_day(day: str, years: int) -> str:
    """Return the same day of another year; the last of a month stays the last.

    >>> _move_day("2023-02-28", 1), _move_day("2022-03-31", 1)
    ('2024-02-29', '2023-03-31')
    """
    old = date.fromisoformat(day)
    year, last = old.year + years, monthrange(old.year, old.month)[1]
    longest = monthrange(year, old.month)[1]
    return date(year, old.month, longest if old.day == last else old.day).isoformat()


def _put_in_place(
    root: Path, held: HeldPlan, edition: str, files: Mapping[str, bytes], params: str
) -> None:
    """Put the data in place as one, then the params, which make an edition of them."""
    plan, _, year = edition.rpartition("/")
    tables = {f"{year}/{name}": content for name, content in files.items()}
    package = describe_proposed(root, plan, tables)
    former = {name: (root / "data" / plan / name).read_bytes() for name in package}
    with hold_signals():
        held.replace(tables | package)
        try:
            write_atomically(root / "params" / f"{edition}.yaml", params)
        except BaseException:
            try:
                held.replace(former)
            finally:
                remove_folder(root / "data" / edition)
            raise
