"""``nenpo survey collect``: prepares a collection, asks where data would be lost, takes it."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nenpo.build.params import list_editions
from nenpo.data.project import list_plans, require_plan
from nenpo.data.replace import HeldPlan, hold_plan
from nenpo.errors import RepliesRefused, UnusableWorkbook, Words, WouldReplace
from nenpo.workbooks.forms.blank import BlankForm
from nenpo.workbooks.marking.findings_book import LIST
from nenpo.workbooks.marking.marked_copies import write_marked
from nenpo.workbooks.marking.own_folder import check_folder
from nenpo.workbooks.taking.collect import Collection, prepare_collection, take_collection
from nenpo.workbooks.taking.found import list_found
from nenpo.workbooks.taking.opened import find_edition, open_replies
from nenpo.workbooks.taking.told import (
    NOTE,
    tell_changes,
    tell_left_out,
    tell_outcome,
    tell_summary,
)

Ask = Callable[[str], bool]
_FAULTY = Words(
    "{} 件の誤りがある回答は、取り込まない。", "replies with {} error(s) are not taken."
)
_NONE_FILLED = Words("記入された調査票がない", "no workbook is filled in")
_GIVE_REPLIES = Words(
    "送付した調査票ではなく、各課から返送されたもののフォルダーを指定すること。",
    "Give the folder of what came back, not of what was sent out.",
)
_NONE_LEFT = Words("取り込める回答がない", "there is nothing that can be taken")
_WAIT = Words("誤りを直してもらうこと。", "Have the faults mended.")
_MARKED = Words(
    "誤りに色とコメントを付けた写し {} 件を {} に作った（一覧: {}）。"
    "各部署に返して直してもらうこと。",
    "made {} copies with the faults marked in {} (list: {}); send them back to be mended.",
)
_QUESTION = Words(
    "次の {} 個の値が、回答により変わる。\n{}\n回答の方を採るか",
    "the answers would change {} value(s) that the data hold:\n{}\nTake the answers?",
)


@dataclass(frozen=True)
class Choices:
    """How replies are taken; ``edition`` is the plan and year, None for what the replies say.

    ``form`` is the municipality's own, if they are written in that.
    ``findings`` is a folder for copies of the faulty ones, with their faults marked.
    """

    edition: tuple[str, int] | None = None
    prefer_newer: bool = False
    prefer_lead: bool = False
    without_faulty: bool = False
    replace: bool = False
    dry_run: bool = False
    form: BlankForm | None = None
    findings: Path | None = None


def collect_replies(
    root: Path, folder: Path, choices: Choices, ask: Ask | None, today: date
) -> Iterator[str]:
    """Take the replies in a folder, in one step or not at all; yield what is to be told.

    ``ask`` asks whether what the data hold may be replaced, None where nobody can answer. Raises
    ``RepliesRefused`` with every fault of all files, and ``WouldReplace``; then nothing changed.
    """
    opened = open_replies(folder)
    if choices.findings:
        check_folder(root, choices.findings, apart=opened.folder)
    known = (f"{plan}/{year}" for plan in list_plans(root) for year in list_editions(root, plan))
    edition = choices.edition or find_edition(opened, known)
    require_plan(root, edition[0])
    with nullcontext() if choices.dry_run else hold_plan(root, edition[0]) as held:
        collection = prepare_collection(
            root,
            opened,
            edition,
            prefer_newer=choices.prefer_newer,
            prefer_lead=choices.prefer_lead,
            without_faulty=choices.without_faulty,
            form=choices.form,
        )
        yield from tell_summary(collection)
        yield from _mark_faults(collection, opened.folder, choices.findings)
        yield from _refuse_faults(collection, choices)
        _refuse_nothing(collection, folder)
        yield from _refuse_losses(collection, choices, ask)
        changed = _take(held, root, collection, today)
        yield from tell_outcome(collection, changed=changed, is_dry=choices.dry_run)


def _take(held: HeldPlan | None, root: Path, collection: Collection, today: date) -> bool:
    return take_collection(held, root, collection, today) if held else False


def _mark_faults(collection: Collection, folder: Path, output: Path | None) -> Iterator[str]:
    """Write copies of faulty replies to a folder, in the place of those of an earlier call."""
    if output is None or not (collection.faults or output.exists()):
        return
    found = list_found(collection, folder)
    write_marked(folder, found, output, collection.expected.names)
    if found:
        yield str(_MARKED.fill(len({finding.file for finding in found}), output, LIST))


def _refuse_faults(collection: Collection, choices: Choices) -> Iterator[str]:
    problems = collection.problems
    if problems and not choices.without_faulty:
        raise RepliesRefused(problems=problems)
    if problems:
        yield f"{NOTE}: {_FAULTY.fill(len(problems))}"
        yield from (str(problem) for problem in problems)
        yield from tell_left_out(collection)


def _refuse_nothing(collection: Collection, folder: Path) -> None:
    """Raise ``UnusableWorkbook`` if there is no reply of which anything can be taken."""
    replies = [each for each in collection.summaries if not each.is_blank]
    if not any(each.is_taken for each in replies):
        why, remedy = (_NONE_LEFT, _WAIT) if replies else (_NONE_FILLED, _GIVE_REPLIES)
        raise UnusableWorkbook(place=str(folder), why=why, remedy=remedy)


def _refuse_losses(collection: Collection, choices: Choices, ask: Ask | None) -> Iterator[str]:
    """Yield what changes; raise ``WouldReplace`` if something is lost and nobody agrees."""
    lost = collection.replacements
    if choices.dry_run:
        yield from filter(None, [tell_changes(collection.changes)])
        return
    if not lost:
        return
    told = tell_changes(lost)
    agreed = choices.replace or (ask is not None and ask(str(_QUESTION.fill(len(lost), told))))
    if not agreed:
        raise WouldReplace(count=len(lost), changes=told)
    yield told
