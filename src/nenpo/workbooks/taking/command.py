"""``nenpo survey collect``: prepares a collection, asks where data would be lost, takes it."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nenpo.build.params import list_editions
from nenpo.data.project import list_plans, require_plan
from nenpo.data.replace import HeldPlan, hold_plan
from nenpo.errors import RepliesRefused, Words, WouldReplace
from nenpo.workbooks.forms.blank import BlankForm
from nenpo.workbooks.marking.findings_book import LIST
from nenpo.workbooks.marking.marked_copies import write_marked
from nenpo.workbooks.marking.own_folder import check_folder
from nenpo.workbooks.taking.collect import Collection, prepare_collection, take_collection
from nenpo.workbooks.taking.found import list_found
from nenpo.workbooks.taking.opened import find_edition, open_replies
from nenpo.workbooks.taking.told import NOTE, tell_changes, tell_outcome, tell_summary

Ask = Callable[[str], bool]
_FAULTY = Words(
    "{} 件の誤りがある回答は、取り込まない。", "replies with {} error(s) are not taken."
)
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
    if choices.findings:
        check_folder(root, choices.findings, apart=folder)
    opened = open_replies(folder)
    known = (f"{plan}/{year}" for plan in list_plans(root) for year in list_editions(root, plan))
    edition = choices.edition or find_edition(opened, known)
    require_plan(root, edition[0])
    with nullcontext() if choices.dry_run else hold_plan(root, edition[0]) as held:
        collection = prepare_collection(
            root,
            opened,
            edition,
            prefer_newer=choices.prefer_newer,
            without_faulty=choices.without_faulty,
            form=choices.form,
        )
        yield from tell_summary(collection)
        yield from _mark_faults(collection, folder, choices.findings)
        yield from _refuse_faults(collection, choices)
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
    problems = [fault.problem for fault in collection.faults]
    if problems and not choices.without_faulty:
        raise RepliesRefused(problems=problems)
    if problems:
        yield f"{NOTE}: {_FAULTY.fill(len(problems))}"
        yield from (str(problem) for problem in problems)


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
