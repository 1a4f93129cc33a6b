"""Every error that nenpo raises on purpose, each with its message in Japanese and English.

::

    NenpoError                      exit code 70: a defect of nenpo
    ├── UsageError                  exit code 2: the command or a notebook's call is wrong
    │   ├── UnknownPlan
    │   ├── UnknownYear
    │   ├── UnknownDepartment
    │   ├── UnknownBriefing
    │   ├── BadSelector
    │   ├── WrongCommandLine
    │   ├── NotAProject, NoCurrentFolder
    │   ├── UnusableLocale
    │   ├── NotImportable, UnusableTemporary
    │   ├── UnusableFolder
    │   ├── UnusableOutput, ForeignFile, WriteFailed (exit code 3 where it fails a briefing)
    │   ├── ChangedMeanwhile, WouldReplace
    │   ├── OldWorkbook, ChangedWorkbook
    │   ├── NotPublishable
    │   ├── UnusableDestination
    │   ├── UnusableSurveyFolder, KeptFiles, NothingAsked, ForeignWorkbook
    │   ├── NotAcceptable, UnreadableAccepted
    │   ├── NotComparable, OtherPlan
    │   ├── UnknownFont
    │   ├── NotShowable
    │   ├── SchedulerMismatch
    │   ├── NotWatchable, UnusablePort
    │   ├── MissingExtra, UnreachableScheduler, NoWorkers
    │   └── WorkerDiffers, WorkerUnusable, DaemonWorker, SilentWorkers
    ├── NothingSelected             exit code 4
    ├── BuildLocked                 exit code 75: another command holds the lock
    │   └── DataLocked              on the data of a plan
    ├── BriefingsFailed             exit code 3: some briefings failed
    ├── InputRefused                exit code 2: holds every DataError and ParamsError found
    │   └── RepliesRefused          and every WorkbookError
    ├── InputError                  exit code 2: one offender, with its place
    │   ├── SpecialFile, UnreadableFile     in data/, params/ or notebooks/
    │   ├── DataError               in data/<plan>/
    │   │   ├── MissingFile, UnknownFile, LargeFile
    │   │   ├── WrongEncoding, MixedEncodings, CutText, LostCharacter
    │   │   ├── ConflictMarks, UnreadableYaml, UnreadableCsv
    │   │   ├── MissingColumn, ExtraColumn, DuplicateColumn, RaggedRow, DuplicateId
    │   │   ├── BadId, DateInsteadOfId, UnknownReference
    │   │   ├── UnknownMark, UnknownWord, BadNumber, BadText, BadValue, LongText
    │   │   ├── MissingGlyph, BidiControl, ShiftWithoutChange, TargetBeforeBaseline
    │   │   ├── TwoPreferred
    │   │   └── SuccessorCycle, OverlappingYears, OutsideValidity
    │   ├── NoNewYear               the new year cannot be begun like this
    │   ├── WorkbookError           in a workbook that somebody sent or filled in
    │   │   ├── RefusedAnswer
    │   │   ├── UnusableWorkbook
    │   │   │   ├── NotAWorkbook, LockFile, OpenWorkbook, EncryptedWorkbook
    │   │   │   └── DamagedWorkbook, HugeWorkbook
    │   │   ├── UnusableCell, DisputedAnswer
    │   │   └── OpenQuestion        in the description of a form: a person has to decide
    │   └── ParamsError             in params/<plan>/<year>.yaml
    │       └── UnknownKey, DuplicateKey, MissingKey, WrongType
    ├── UnusableNotebook            exit code 3: a notebook's file cannot be read or run
    ├── ParametersLost              exit code 3: what a notebook is given does not arrive in it
    ├── DocumentError               exit code 3: a notebook shows what a document may not hold
    ├── OtherBriefing               exit code 3: a document says that it is another one
    ├── ServerDied                  exit code 3: what starts the processes of briefings ended
    └── CellFailed, TooMuchOutput, ProcessDied, ProcessStays, DeadlinePassed, WorkerDied, IncompleteSet
                                    exit code 3: why one briefing was not made

A message names the value, its place, what is allowed and what to do. Readers choose the
language: a Japanese locale, or ``NENPO_LANG=ja`` / ``NENPO_LANG=en``.
"""

import os
import re
import sys
import traceback
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Literal, NamedTuple

Language = Literal["ja", "en"]

# Of a longer value, a message quotes the beginning.
_SHOWN_CHARACTERS = 60
# The fields of an InputError that are sentences of ours, in which columns may be named.
_RULES = ("allowed", "hint", "why", "remedy")


def message_language() -> Language:
    """Return the language for messages: ``NENPO_LANG``, else the locale, else English."""
    chosen = os.environ.get("NENPO_LANG")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        chosen = chosen or os.environ.get(name)
    chosen = chosen or _ask_windows()
    return "ja" if chosen.lower().startswith("ja") else "en"


def _ask_windows() -> str:
    """Return the language of Windows, whose environment names none: ja_JP; elsewhere ""."""
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    number: int = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(number, "")


class Words(NamedTuple):
    """The same in Japanese and in English; as text, in the language for messages.

    >>> Words("{}件", "{} of them").fill(3).en
    '3 of them'
    """

    ja: str
    en: str

    def __str__(self) -> str:
        return self.pick(message_language())

    def pick(self, language: Language) -> str:
        """Return it in ``language``."""
        return self.ja if language == "ja" else self.en

    def fill(self, *values: object) -> "Words":
        """Return both with the values in them; of values that are ``Words``, each its own."""
        ja, en = ([v[n] if isinstance(v, Words) else v for v in values] for n in (0, 1))
        return Words(self.ja.format(*ja), self.en.format(*en))


def join_words(told: Sequence[Words], more: int = 0) -> Words:
    """Return clauses one after the other, and how many more there are.

    >>> join_words([Words("甲", "a"), Words("乙", "b")], more=3).en
    'a; b and 3 more'
    """
    ja, en = ("、".join(w.ja for w in told), "; ".join(w.en for w in told))
    return Words(f"{ja}、ほか {more} 件", f"{en} and {more} more") if more else Words(ja, en)


BLANK = Words("（空）", "(blank)")


class NenpoError(Exception):
    """Base of all errors; ``ja`` and ``en`` are templates filled with the keyword arguments.

    Of arguments that are ``Words``, each message takes its own half.
    """

    exit_code: ClassVar[int] = 70
    ja: ClassVar[str] = "nenpo の不具合である: {detail}"
    en: ClassVar[str] = "a defect of nenpo: {detail}"

    def __init__(self, **fields: object) -> None:
        super().__init__(fields)
        self.fields = fields

    def __reduce__(self) -> tuple[object, ...]:
        # The default would pass the fields as one positional argument.
        return partial(type(self), **self.fields), ()

    def message(self, language: Language) -> str:
        """Return the message in ``language``."""
        fields = {
            name: value.pick(language) if isinstance(value, Words) else value
            for name, value in self.fields.items()
        }
        # A field that is itself a sentence is of Words, or has an English twin: hint and hint_en.
        for name in [name for name in fields if name.endswith("_en") and language == "en"]:
            fields[name.removesuffix("_en")] = fields[name]
        return self.choose_template(language).format(**fields).rstrip()

    def choose_template(self, language: Language) -> str:
        """Return the sentence into which the fields are filled."""
        return self.ja if language == "ja" else self.en

    def __str__(self) -> str:
        return self.message(message_language())


class UsageError(NenpoError):
    """The command line or a call in a notebook is wrong."""

    exit_code = 2
    ja = "使い方が違う: {detail}"
    en = "wrong usage: {detail}"

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this: below a cell, the way through nenpo's own code says nothing.
        return [f"{type(self).__name__}: {self}"]


class UnknownPlan(UsageError):
    """No such folder under ``data/``."""

    ja = "計画「{value}」がない。{hint}使える計画: {allowed}。data/ の下のフォルダー名を指定すること。"
    en = "unknown plan '{value}'; known plans: {allowed}. {hint}Give the name of a folder under data/."


class UnknownYear(UsageError):
    """The plan has no data or params for the fiscal year."""

    ja = "計画 {plan} に {value} 年度がない。使える年度: {allowed}。{remedy}"
    en = "plan {plan} has no fiscal year {value}; known years: {allowed}. {remedy}"


class UnknownDepartment(UsageError):
    """No such department in the plan's ``departments.csv``."""

    ja = "計画 {plan} に部署「{value}」がない。{hint}使える部署: {allowed}。departments.csv を確認すること。"
    en = "plan {plan} has no department '{value}'; known: {allowed}. {hint}See departments.csv."


class UnknownBriefing(UsageError):
    """The edition has no briefing of that name."""

    ja = "{plan}/{fiscal_year} に文書「{value}」がない。{hint}使える名前: {allowed}。"
    en = "{plan}/{fiscal_year} has no briefing '{value}'; known: {allowed}. {hint}"


class BadSelector(UsageError):
    """A selector is not ``PLAN[/YEAR[/BRIEFING]]``."""

    ja = "「{value}」は PLAN[/YEAR[/BRIEFING]] の形ではない。{hint}例: {allowed}。"
    en = "'{value}' is not of the form PLAN[/YEAR[/BRIEFING]]; for example {allowed}. {hint}"


class WrongCommandLine(UsageError):
    """A command, an option or a value that the command line does not take."""

    ja = "{what}。{remedy}使い方は {command} --help が示す。"
    en = "{what}. {remedy}See {command} --help."


class NotAProject(UsageError):
    """No project root was found above the current folder."""

    ja = "{value} とその上に data/ と params/ を持つフォルダーがない。年報のフォルダーで実行するか、NENPO_ROOT で指定すること。"
    en = "no folder with data/ and params/ at or above {value}; run inside the project or set NENPO_ROOT."


class NoCurrentFolder(UsageError):
    """The folder in which the command runs was removed."""

    ja = "今いるフォルダー {value} がなくなっている。別のフォルダーに移ってから実行し直すこと。"
    en = "the current folder {value} no longer exists; change to one that does, and run it again."


class NotImportable(UsageError):
    """A package that is needed is missing or broken."""

    ja = "{value} を読み込めない（{why}、{place}）。requirements.lock のとおりに入れ直すこと。"
    en = (
        "{value} cannot be imported ({why}, in {place}); install it again, as in requirements.lock."
    )


class UnusableTemporary(UsageError):
    """The folder for temporary files cannot hold a socket."""

    ja = "一時フォルダー {value} は使えない（{why}）。TMPDIR を、書き込める短いパス（例 /tmp）にすること。"
    en = "the temporary folder {value} cannot be used ({why}); set TMPDIR to a short path that can be written, such as /tmp."


class UnusableOutput(UsageError):
    """The output folder is the project's or somebody else's, or cannot be written."""

    ja = "出力先 {value} は使えない（{why}）。空の、又は nenpo build が作った、書き込めるフォルダーを --output で指定すること。"
    en = "cannot write to {value} ({why}); give a folder that can be written, and that is empty or made by nenpo build, with --output."


class UnusableFolder(UsageError):
    """What is made cannot be put into the folder, for example because it holds other things."""

    ja = "{value} には作れない（{why}）。まだないか、空のフォルダーを指定すること。"
    en = "nothing can be made in {value} ({why}); give a folder that is empty or not there yet."


class ForeignWorkbook(UsageError):
    """Where a list of ours is to be put, there is another file, or a folder of the project."""

    ja = "{value} には書かない（ほかのファイルがあるか、年報のフォルダーの中である）。別の名前又は場所を指定すること。"
    en = "{value} is not written: another file is there, or it lies in a folder of the project. Give another name or place."


class ForeignFile(UsageError):
    """Where a document or a page belongs, there is a file that no build has put there."""

    ja = "{value} は nenpo build が作ったものではないので、上書きしない。ほかの場所に移すか、--output で別のフォルダーを指定すること。"
    en = "{value} was not made by nenpo build and is not replaced; move it elsewhere, or give another folder with --output."


class WriteFailed(UsageError):
    """A file or folder of ours cannot be written, replaced or removed."""

    ja = "{place} に書き込めない（{why}）。{remedy}、もう一度実行すること。前の内容は残っている。"
    en = "cannot write {place} ({why}). {remedy}, and run the command again; what was there before is kept."


class ChangedMeanwhile(UsageError):
    """Somebody changed what a command has read and is about to replace."""

    ja = "{value} が、この間にほかで書き換えられた。何も変えていないので、もう一度実行すること。"
    en = "{value} was changed by somebody else meanwhile; nothing was replaced: run the command again."


class WouldReplace(UsageError):
    """Answers differ from what was collected before, and nobody has said which holds."""

    ja = "データにある {count} 件の値が、回答により変わる。何も取り込んでいない。\n{changes}\n回答の方を採るときは --replace を付けて実行すること。データの方を残すときは、その欄を元の値に直したものを取り込むこと。"
    en = "the answers would change {count} value(s) that the data hold; nothing was taken.\n{changes}\nGive --replace to take the answers; to keep the data, mend those cells of the workbooks."


class OldWorkbook(UsageError):
    """Tables were changed in the data after a workbook with them was written."""

    ja = "{place} のシート{value}は、書き出した後にデータの方も変わっている。取り込むと、その変更が失われる。nenpo tables export で書き出し直し、書き換えた所を写して取り込むこと。ブックのとおりに戻してよければ --older を付けること。"
    en = "{place}: the data of {value} were changed after it was written, which taking it in would undo. Write it again with nenpo tables export and repeat your changes in it; or, to have the data as the workbook has them, add --older."


class ChangedWorkbook(UsageError):
    """Where a workbook is to be written, there is one that somebody may have changed."""

    ja = "{value} は既にあり、内容が違うので、上書きしない。別の名前を付けるか、置き換えてよければ --replace を付けること。"
    en = "{value} is there already, with other content, and is not replaced; give another name, or add --replace."


class NotPublishable(UsageError):
    """Some of what would be published is not as a build would make it now, or is a draft."""

    ja = "公表できないものがある。何も写していない。{problems}\nnenpo build で作り直すこと（理由は nenpo why が示す）。案は params/ の state を final とするか、--drafts を付けること。"
    en = "some of it cannot be published; nothing was copied.{problems}\nMake it with nenpo build (nenpo why tells the reasons); of a draft, set the state in params/ to final, or give --drafts."


class UnusableDestination(UsageError):
    """What is published cannot be copied there."""

    ja = "公表先 {value} に公表できない（{why}）。空の、又は前に公表した、書き込める場所を指定すること。"
    en = "cannot publish to {value} ({why}); give a place that can be written, and that is empty or was published to before."


class UnusableSurveyFolder(UsageError):
    """The folder that was given is the project's own, or holds other things."""

    ja = "フォルダー {value} には書けない（{why}）。新しい、空の、又は前に同じコマンドで作ったフォルダーを --to で指定すること。"
    en = "cannot write to {value} ({why}); give a folder with --to that is new, empty, or was made by the same command."


class NothingAsked(UsageError):
    """There is nothing in a plan's year that a department could answer."""

    ja = "計画 {plan} の {fiscal_year} 年度には、照会するものがない。{allowed} に、照会するものを書くこと。"
    en = "plan {plan} has nothing to ask for {fiscal_year}; write what is to be asked in {allowed}."


class KeptFiles(UsageError):
    """Files that are there differ from what would be written; somebody may have filled them in."""

    ja = "{place} の {count} 件は、作ったものと内容が違うため、上書きしていない: {names}。記入されていないことを確かめて --replace を付けるか、--to で別のフォルダーを指定すること。"
    en = "{count} file(s) in {place} differ from what was made and were kept: {names}. See that nobody has filled them in and give --replace, or give another folder with --to."


class NotAcceptable(UsageError):
    """What is published cannot be taken as the accepted state."""

    ja = "確定版にできない（{value}）: {why}。"
    en = "cannot be accepted ({value}): {why}."


class UnreadableAccepted(UsageError):
    """A file of the accepted state is damaged."""

    ja = "確定版の {value} を読めない（{why}）。版の管理から戻す（git checkout -- accepted）か、バックアップから戻すこと。"
    en = "{value} of the accepted state cannot be read ({why}); restore it from version control (git checkout -- accepted) or a backup."


class NotComparable(UsageError):
    """What is to be compared is neither an edition nor an output folder."""

    ja = "「{value}」は比べられない。年度（PLAN/YEAR）か、manifest.json のある出力フォルダーを指定すること。{hint}使える年度: {allowed}。"
    en = "'{value}' cannot be compared; give an edition (PLAN/YEAR) or an output folder with a manifest.json. {hint}Known editions: {allowed}."


class OtherPlan(UsageError):
    """Fiscal years of two plans are to be compared, which have no items in common."""

    ja = "「{value}」は別々の計画であり、年度の違いとしては比べられない。同じ計画の二つの年度（PLAN/2021 PLAN/2022）を指定すること。計画どうしは nenpo build comparison で比べる。"
    en = "'{value}' are of different plans, which have no years to compare; give two fiscal years of one plan (PLAN/2021 PLAN/2022). nenpo build comparison sets plans side by side."


class UnknownFont(UsageError):
    """The configured document font is not installed."""

    ja = "文書用フォント「{value}」が見つからない。NENPO_FONT を {allowed} のいずれかにするか、NENPO_FONT_DIR にフォントのフォルダーを指定すること。"
    en = "document font '{value}' was not found; set NENPO_FONT to one of {allowed}, or NENPO_FONT_DIR to the folder that holds it."


class NotShowable(UsageError, ValueError):  # so that pydantic tells it of what it reads
    """What a notebook is about to display fits into no document."""

    ja = "文書に載せられない: {what}。{remedy}。"
    en = "no document can show it: {what}. {remedy}."


class NotWatchable(UsageError):
    """The system does not tell what changes in a folder."""

    ja = "{value} の変更を見張れない（{why}）。フォルダーがあるかを確かめ、共有フォルダーなどでは --poll を付けること。"
    en = "changes in {value} cannot be watched ({why}); see that the folder is there, and give --poll for a share."


class UnusablePort(UsageError):
    """A port of this machine cannot be listened at."""

    ja = (
        "ポート {value} は使えない（{why}）。--port に別の番号を指定するか、--port を付けないこと。"
    )
    en = "port {value} cannot be used ({why}); give another with --port, or leave --port out."


class SchedulerMismatch(UsageError):
    """A scheduler without the executor that needs it, or the reverse."""

    ja = "--executor {executor} と --scheduler {value} は合わない。Dask を使うには --executor dask --scheduler tcp://HOST:PORT の両方を指定すること。"
    en = "--executor {executor} does not go with --scheduler {value}; for Dask give both: --executor dask --scheduler tcp://HOST:PORT."


class MissingExtra(UsageError):
    """What was asked for needs packages that are installed on request only."""

    ja = "{value} には追加のパッケージが要る。pip install nenpo[{extra}] で入れること。"
    en = "{value} needs packages that are not installed: pip install nenpo[{extra}]."


class UnreachableScheduler(UsageError):
    """No Dask scheduler answers at the address, or no longer does."""

    ja = "Dask のスケジューラー {value} につながらない（{why}）。dask scheduler が動いているか、--scheduler の番地（例 tcp://127.0.0.1:8786）を確認すること。"
    en = "the Dask scheduler {value} does not answer ({why}); see that `dask scheduler` runs, and that --scheduler is its address (such as tcp://127.0.0.1:8786)."


class NoWorkers(UsageError):
    """The cluster has no worker."""

    ja = "Dask のスケジューラー {value} にワーカーがない。DASK_DISTRIBUTED__WORKER__DAEMON=False dask worker {value} で起動すること。"
    en = "the Dask scheduler {value} has no workers; start some with `DASK_DISTRIBUTED__WORKER__DAEMON=False dask worker {value}`."


class WorkerDiffers(UsageError):
    """A worker would draw other documents: its versions, code or font are not the client's."""

    ja = "ワーカー {place} の環境がこの端末と違う: {value}。両方に同じ版を入れ、ワーカーを起動し直すこと。"
    en = "the worker {place} has another environment than this machine: {value}. Install the same versions on both and start the worker again."


class WorkerUnusable(UsageError):
    """A worker cannot start the process in which it would make briefings."""

    ja = "ワーカー {place} で文書を作る準備ができない: {value}。原因を除き、ワーカーを起動し直すこと。"
    en = "the worker {place} cannot get ready to make briefings: {value}. Remove the cause and start the worker again."


class DaemonWorker(UsageError):
    """A worker is a daemon process, which may have no processes of its own."""

    ja = "ワーカー {place} はデーモンなので、文書を作るプロセスを起動できない。DASK_DISTRIBUTED__WORKER__DAEMON=False dask worker … で起動し直すか、--no-nanny を付けること。"
    en = "the worker {place} is a daemon and may not start the processes that make briefings. Start it with `DASK_DISTRIBUTED__WORKER__DAEMON=False dask worker …`, or with --no-nanny."


class SilentWorkers(UsageError):
    """Workers had nothing to do but our briefings, and none came for longer than one may take."""

    ja = "Dask のワーカーから {seconds} 秒間、文書が1件も届かない（{place}）。止まっているワーカーを終了し、もう一度実行すること。できた文書は残っている。"
    en = "no briefing has come from the Dask workers for {seconds} s ({place}). End those that hang and build again; what was made is kept."


class NothingSelected(NenpoError):
    """The selection names no briefing."""

    exit_code = 4
    ja = "作る文書がない。params/ に年度のファイルがあるかを確認すること。使える指定: {allowed}。"
    en = "nothing selected: there is no briefing to make. Known selectors: {allowed}."


class BuildLocked(NenpoError):
    """Another command writes to the same folder."""

    exit_code = 75
    ja = "{place} には別の nenpo が書き込み中である。終わるのを待つか、--output で別のフォルダーを指定すること。"
    en = "another nenpo command is writing to {place}; wait for it, or give another folder with --output."


class DataLocked(BuildLocked):
    """Another command changes the data of the same plan."""

    ja = "{place} は別の nenpo が書き換えている。終わるのを待って、もう一度実行すること。"
    en = "another nenpo command is changing {place}; wait for it, and run the command again."


class BriefingsFailed(NenpoError):
    """Some briefings failed; the others are published."""

    exit_code = 3
    ja = "{count} 件の文書を作れなかった: {names}。実行済みノートブックは {place} にある。"
    en = "{count} briefing(s) failed: {names}. The executed notebooks are kept in {place}."


class InputError(NenpoError):
    """One offender in the input; ``place`` is file:line or file: key."""

    exit_code = 2
    ja = "{detail}"
    en = "{detail}"

    def __init__(self, *, place: str | Words, **fields: object) -> None:
        value = fields.get("value")
        if isinstance(value, str) and len(value) > _SHOWN_CHARACTERS:
            fields["value"] = value[:_SHOWN_CHARACTERS] + "…"
        super().__init__(place=place, **fields)
        self.place = str(place)

    def message(self, language: Language) -> str:
        """Return the message in ``language``, on one line whatever the value holds."""
        return make_visible(super().message(language))

    def choose_template(self, language: Language) -> str:
        """Return the sentence, in the reader's names if it is in the reader's language."""
        template, names = super().choose_template(language), self.fields.get("names")
        if isinstance(names, Mapping) and language == "ja":
            return replace_names(template, names)
        return template

    def rename(self, names: Mapping[str, str]) -> "InputError":
        """Return the error as somebody reads it who sees these ``names``, not the schema's.

        The column is called so in both languages, rules in Japanese alone: in English, words such
        as "to" and "from" are no names. What a cell holds stays as it is.
        """
        fields: dict[str, Any] = dict(self.fields)
        for key, value in self.fields.items():
            if key == "column":
                fields[key] = replace_names(str(value), names)
            elif key in _RULES and isinstance(value, Words):
                fields[key] = Words(replace_names(value.ja, names), value.en)
            elif key in _RULES and isinstance(value, str) and f"{key}_en" in fields:
                fields[key] = replace_names(value, names)
            elif key in _RULES and isinstance(value, str):
                fields[key] = Words(replace_names(value, names), value)
        return type(self)(**fields | {"names": names})

    def __str__(self) -> str:
        return f"{make_visible(self.place)}: {super().__str__()}"


def replace_names(text: str, names: Mapping[str, str]) -> str:
    """Return a text with each name, where it stands alone, replaced by what it is called.

    >>> replace_names("source と line は両方を書く", {"source": "出典", "line": "行"})
    '出典と行は両方を書く'
    """
    found = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    # Not within a longer word, a file's name or a field of a template.
    whole = rf"(?<![A-Za-z0-9_./{{-])({found})(?![A-Za-z0-9_./}}-])"
    # The blanks that set it off from Japanese go with it.
    spaced = rf"(?:(?<=[^\x00-\x7f]) )?{whole}(?: (?=[^\x00-\x7f]))?"
    return re.sub(spaced, lambda match: names[match[1]], text) if names else text


def make_visible(text: str) -> str:
    """Return ``text`` on one line, with escapes for what would act instead of being seen."""
    # A cell may hold what would move a terminal's cursor, or forge a second message.
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        or "\ufe00" <= character <= "\ufe0f"
        or character >= "\U000e0000"
        else character
        for character in text
    )


class SpecialFile(InputError):
    """A pipe, a device, a link that leaves the project …, or a folder in a file's place."""

    ja = "{what}ので読まない。普通のファイルかフォルダーに置き換えること。"
    en = "{what} and is not read; put an ordinary file or folder in its place."


class UnreadableFile(InputError):
    """The system does not let us read a file or a folder."""

    ja = "読めない（{why}）。アクセス権と保存先を確認すること。"
    en = "it cannot be read ({why}); check its permissions and where it is stored."


class DataError(InputError):
    """An offender in ``data/<plan>/``."""


class ParamsError(InputError):
    """A wrong key or value in ``params/<plan>/<year>.yaml`` or in a notebook's parameters.

    The same four are raised for the keys of ``plan.yaml`` and ``published.yaml``.
    """


class NoNewYear(InputError):
    """A fiscal year cannot be begun: it is there already, or it is not the next one."""

    ja = "{why}。{remedy}"
    en = "{why}. {remedy}"


class WorkbookError(InputError):
    """An offender in a workbook; ``place`` is file, file!sheet or file!sheet!cell."""


class UnusableWorkbook(WorkbookError):
    """A workbook cannot be read at all, or is not what it should be."""

    ja = "読み取れない（{why}）。{remedy}"
    en = "cannot be used ({why}). {remedy}"


class NotAWorkbook(UnusableWorkbook):
    """The file is something else than a workbook, whatever it is called."""

    ja = "表計算ソフトのファイルではない（{what}）。{remedy}"
    en = "this is no workbook ({what}). {remedy}"


class LockFile(UnusableWorkbook):
    """What Excel or LibreOffice lays beside a workbook as long as it is open; it holds no data."""

    ja = "表計算ソフトが作る一時ファイルで、ブックではない。「{of}」を閉じると消える。残っているときは削ること。"
    en = "a temporary file of a spreadsheet program, no workbook; it goes when '{of}' is closed. Remove it if it stays."


class OpenWorkbook(UnusableWorkbook):
    """Somebody has the workbook open: what the file holds may not be what they see."""

    ja = "表計算ソフトで開いたままである（{why}）。保存して閉じてから実行し直すこと。{remedy}"
    en = "it is still open in a spreadsheet program ({why}). Save and close it, then run this again. {remedy}"


class EncryptedWorkbook(UnusableWorkbook):
    """The workbook is encrypted: nothing in it can be read without its password."""

    ja = "パスワードで暗号化されているので読めない。パスワードを外して保存し直したものにすること（Excel では「ファイル」「情報」「ブックの保護」「パスワードを使用して暗号化」を空にする）。"
    en = "it is encrypted with a password and cannot be read. Use a copy saved without one (in Excel: File, Info, Protect Workbook, Encrypt with Password, left blank)."


class DamagedWorkbook(UnusableWorkbook):
    """The file begins as a workbook, and cannot be read to its end."""

    ja = "ファイルが壊れている（{why}）。表計算ソフトで開けるか確かめ、保存し直すか、元のファイルをもらい直すこと。"
    en = "the file is damaged ({why}). See whether a spreadsheet program opens it, and save it anew, or get the original again."


class HugeWorkbook(UnusableWorkbook):
    """The workbook holds more than any reply does, or unpacks to more."""

    ja = "{what}が多すぎる（{value}、{allowed}まで）。{remedy}"
    en = "too large: {what} {value}, at most {allowed}. {remedy}"


class RefusedAnswer(WorkbookError):
    """An answer does not go with the rest of its row, of its table or of the plan."""

    ja = "{column}「{value}」は取り込めない。{told}"
    en = "{column} '{value}' cannot be taken: {told}"


class UnusableCell(WorkbookError):
    """What a cell holds is no answer to what is asked there."""

    ja = "{column}「{value}」は使えない（{why}）。使えるのは{allowed}。{remedy}"
    en = "{column} '{value}' cannot be used ({why}); allowed: {allowed}. {remedy}"


class DisputedAnswer(WorkbookError):
    """Several departments report one row, and do not answer the same."""

    ja = "{item}の{column}: 回答が一致していない（{answers}）。関係する{word}に確かめて（電話でもよい）同じ回答にしてもらうか、--prefer lead を付けて「{first}」（assignments.csv で先のもの）の回答を採ること。"
    en = "{item}, {column}: the answers differ ({answers}). Have the {word} agree (by telephone will do) and answer the same, or give --prefer lead to take that of '{first}', which assignments.csv names first."


class OpenQuestion(WorkbookError):
    """The description of a municipality's form leaves open what a cell or a word means."""

    ja = "{value} の意味が決まっていない（要確認）。{allowed} のいずれかに直すこと。"
    en = "what {value} means is not decided; write one of {allowed} in its place."


class MissingFile(DataError):
    """A table of the contract is not there."""

    ja = "ファイルがない。列 {allowed} のファイルを置くこと。"
    en = "the file is missing; add it with the columns {allowed}."


class UnknownFile(DataError):
    """A file or folder that the contract does not know; it would be left out in silence."""

    ja = "決められたファイルではない。使える名前: {allowed}。{hint}名前を直すか、別の場所に移すこと。"
    en = "not a file of the contract; allowed names: {allowed}. {hint}Rename it, or move it elsewhere."


class WrongEncoding(DataError):
    """The bytes are neither UTF-8 nor cp932."""

    ja = "文字コードが UTF-8 でも CP932（Windows の Excel の既定）でもない（{value}）。UTF-8 で保存し直すこと。"
    en = "the file is neither UTF-8 nor cp932 ({value}); save it again as UTF-8."


class MixedEncodings(DataError):
    """Some lines of a file are UTF-8, others cp932: one of them would be read as other text."""

    ja = "{utf8}行は UTF-8、{cp932}行は CP932（Windows の Excel の既定）で、二つの文字コードが混ざっている。書き加えた部分を UTF-8 で入れ直すこと。"
    en = "line {utf8} is UTF-8, line {cp932} is cp932: two encodings in one file; enter what was added again, as UTF-8."


class CutText(DataError):
    """The file ends inside its last character."""

    ja = "ファイルが最後の文字の途中で切れている。元のファイルから写し直すこと。"
    en = "the file is cut off inside its last character; copy it again from its original."


class LostCharacter(DataError):
    """The text holds what programs write for a character that they could not read."""

    ja = "読めなかった文字の跡（{value}）がある。元の文字に直すこと。"
    en = "it holds what stands for a character that was lost ({value}); restore the original one."


class LargeFile(DataError):
    """A file is larger than any table that people write."""

    ja = "ファイルが大きすぎる（{value} MB、{allowed} MB まで）。表計算ソフトの空の行や、引用符の閉じ忘れを確認すること。"
    en = "the file is too large ({value} MB, at most {allowed} MB); check for empty rows of a spreadsheet, or a quote that is not closed."


class ConflictMarks(DataError):
    """Two versions of a file were merged, and nobody has chosen between them."""

    ja = "二つの版の食い違いを示す印「{value}」がある。どちらかの内容を選び、<<<<<<<、=======、>>>>>>> の行を削ること。"
    en = "'{value}' marks a conflict between two versions; choose one of the two and remove the lines <<<<<<<, ======= and >>>>>>>."


class UnreadableYaml(DataError):
    """The YAML cannot be parsed."""

    ja = "YAML として読めない（{value}）。字下げ、コロン、引用符を確認すること。"
    en = "not valid YAML ({value}); check indentation, colons and quotes."


class UnreadableCsv(DataError):
    """The CSV cannot be parsed from this row on."""

    ja = "この行から先を CSV として読めない（{value}）。この行の引用符とカンマを確認すること。"
    en = "not valid CSV from this row on ({value}); check the quotes and commas of this row."


class MissingColumn(DataError):
    """A required column is not in the header."""

    ja = "列「{value}」がない。見出し行に必要な列: {allowed}。"
    en = "column '{value}' is missing; the header needs {allowed}."


class ExtraColumn(DataError):
    """The header has a column that the contract does not know."""

    ja = "列「{value}」は決められた列ではない。使える列: {allowed}。列名を直すか、列を削ること。"
    en = "column '{value}' is not allowed; allowed columns: {allowed}. Rename or remove it."


class DuplicateColumn(DataError):
    """The header names a column twice: which of the two cells holds, nobody can tell."""

    ja = "列「{value}」が見出し行の {first} 列目と {second} 列目にある。一方を削ること。"
    en = "column '{value}' stands in the header twice, at positions {first} and {second}; remove one of them."


class RaggedRow(DataError):
    """A row has more or fewer cells than the header."""

    ja = (
        "セルが {value} 個あるが、見出しは {allowed} 列である。カンマや引用符の抜けを確認すること。"
    )
    en = "the row has {value} cells, the header {allowed}; check commas and quotes."


class DuplicateId(DataError):
    """An id, or a key of several columns, occurs twice."""

    ja = "「{value}」（{column}）は {first} にもある。一方の行を削るか、ID を変えること。"
    en = "'{value}' ({column}) also stands in {first}; remove one of the rows or change its id."


class BadId(DataError):
    """An id does not have the form of an id."""

    ja = "{column}「{value}」は ID の形ではない。{hint}英小文字で始まり、英小文字・数字・ハイフンだけを使い、60字以内とすること（例 {allowed}）。"
    en = "{column} '{value}' is not an id. {hint}Start with a lower-case letter and use only lower-case letters, digits and hyphens, at most 60 (for example {allowed})."


class DateInsteadOfId(DataError):
    """A spreadsheet program turned an id into a date."""

    ja = "{column}「{value}」は日付である。表計算ソフトが ID（例 1-1-1）を日付に変えたとみられる。列を文字列にして、{allowed} のような ID に戻すこと。"
    en = "{column} '{value}' is a date: a spreadsheet program probably turned the id (such as 1-1-1) into one. Format the column as text and restore an id such as {allowed}."


class UnknownReference(DataError):
    """A cell names a row of another table that does not exist."""

    ja = "{column}「{value}」は {target} にない。{allowed}"
    en = "{column} '{value}' is not in {target}. {allowed}"


class UnknownMark(DataError):
    """The mark is not on the plan's status scale."""

    ja = "進捗区分「{value}」（{codepoint}）は {allowed} のいずれでもない。{hint}plan.yaml の status_scale を確認すること。"
    en = "status '{value}' ({codepoint}) is not one of {allowed}. {hint}See status_scale in plan.yaml."


class UnknownWord(DataError):
    """A cell with a fixed vocabulary holds another word."""

    ja = "{column}「{value}」は {allowed} のいずれでもない。いずれかに直すこと。"
    en = "{column} '{value}' is not one of {allowed}; use one of them."


class BadNumber(DataError):
    """A number column holds something else."""

    ja = "{column}「{value}」は数値ではない（{why}）。半角数字だけを、単位や桁区切りなしで書くこと{hint}。"
    en = "{column} '{value}' is not a number ({why}); write ASCII digits only, without unit or separators{hint}."


class BadText(DataError):
    """A text cell holds what no document can show."""

    ja = "{column} に使えない文字がある（{value}）。{remedy}"
    en = "{column} holds a character that cannot be used ({value}). {remedy}"


class BadValue(DataError):
    """A value has the wrong form for a reason that no other class names."""

    ja = "{column}「{value}」は使えない。決まり: {allowed}。"
    en = "{column} '{value}' cannot be used; allowed: {allowed}."


class LongText(DataError):
    """A text is longer than any that a table holds; a quote is probably not closed."""

    ja = "{column} が長すぎる（{value}字、{allowed}字まで）。引用符の閉じ忘れを確認するか、短くすること。"
    en = "{column} is too long ({value} characters, at most {allowed}); check for a quote that is not closed, or shorten it."


class TwoPreferred(DataError):
    """Two values of one fact are in use."""

    ja = "{column}「{value}」で用いる値（preferred = true）が {first} にもある。用いる値は一つだけとし、一方を false にすること。"
    en = "{column} '{value}' has a value in use (preferred = true) in {first} as well; set one of them to false."


class MissingGlyph(DataError):
    """The document font has no glyph for a character."""

    ja = "{column} の「{value}」（{codepoint}）は文書用フォント {font} にない。別の文字に置き換えること。"
    en = "{column}: '{value}' ({codepoint}) is not in the document font {font}; use another character."


class BidiControl(DataError):
    """A text holds a bidirectional control character."""

    ja = "{column} に文字の並びを変える制御文字 {codepoint} がある。削ること。"
    en = "{column} holds the bidirectional control character {codepoint}; remove it."


class ShiftWithoutChange(DataError):
    """A shift of schedule stands beside a mark that says there was none."""

    ja = "shift「{value}」があるのに進捗区分は「{status}」である。予定変更を表す区分 {allowed} のときだけ書くこと。"
    en = "shift '{value}' stands beside status '{status}'; it belongs to {allowed} only."


class TargetBeforeBaseline(DataError):
    """A target lies in or before the indicator's baseline year."""

    ja = "目標年度 {value} が基準年度 {allowed} 以前である。fiscal_year を基準年度より後にするか、indicators.csv の baseline_year を直すこと。"
    en = "target year {value} is not after the baseline year {allowed}; correct fiscal_year, or baseline_year in indicators.csv."


class SuccessorCycle(DataError):
    """Successors lead back to where they started."""

    ja = "{column}「{value}」で引継ぎが一巡する（{path}）。いずれかの行を直すこと。"
    en = "{column} '{value}' closes a circle of successors ({path}); correct one of the rows."


class OverlappingYears(DataError):
    """A successor begins before its predecessor has ended."""

    ja = "「{value}」（first_year {first}）は「{predecessor}」（last_year {last}、{other}）を引き継ぐが、年度が重なる。前身の last_year を引継ぎの年度より前に、後継の first_year を引継ぎの年度以後にすること。"
    en = "'{value}' (first_year {first}) follows '{predecessor}' (last_year {last}, {other}), but their years overlap; the former has to end before, the latter to begin at the change."


class OutsideValidity(DataError):
    """A year's row concerns something that does not exist in that year."""

    ja = "{column}「{value}」は {fiscal_year} 年度には存在しない（{other} の first_year と last_year）。行を削るか、年度を直すこと。"
    en = "{column} '{value}' does not exist in fiscal year {fiscal_year} (first_year and last_year in {other}); remove the row or correct those years."


class UnknownKey(ParamsError):
    """The file has a key that nothing knows."""

    ja = "キー「{value}」は使えない。使えるキー: {allowed}。{hint}"
    en = "key '{value}' is not allowed; allowed keys: {allowed}. {hint}"


class DuplicateKey(ParamsError):
    """The file has a key twice."""

    ja = "キー「{value}」が {first} にもある。一方を削ること。"
    en = "key '{value}' also stands in {first}; remove one of them."


class MissingKey(ParamsError):
    """The file lacks a key."""

    ja = "キー「{value}」がない。{allowed} を書き加えること。"
    en = "key '{value}' is missing; add it: {allowed}."


class WrongType(ParamsError):
    """A value has the wrong type or form."""

    ja = "{key} の値「{value}」が違う。使えるのは {allowed}。"
    en = "{key}: '{value}' cannot be used; allowed: {allowed}."


class InputRefused(NenpoError):
    """The input cannot be used; ``problems`` holds every offender found."""

    exit_code = 2
    ja = "入力に {count} 件の誤りがある。データにも出力にも触れていない。"
    en = "the input has {count} error(s); no data and no output were touched."

    def __init__(self, *, problems: Iterable[InputError]) -> None:
        self.problems = tuple(problems)
        super().__init__(count=len(self.problems), problems=self.problems)

    def __reduce__(self) -> tuple[object, ...]:
        return partial(type(self), problems=self.problems), ()

    def __str__(self) -> str:
        lines = (f"{_name_kind(problem)}{problem}" for problem in self.problems)
        return "\n".join([super().__str__(), *lines])


def _name_kind(problem: InputError) -> str:
    # Clerks read those of workbooks, and all in Japanese.
    if isinstance(problem, WorkbookError) or message_language() == "ja":
        return ""
    return "DataError: " if isinstance(problem, DataError) else "InputError: "


class RepliesRefused(InputRefused):
    """Replies cannot be taken as they are; ``problems`` holds every offender found."""

    ja = "回答に {count} 件の誤りがある。何も取り込んでいない。直してもらうための写しは --findings DIR で作り、誤りのある部署を除いて取り込むには --without-faulty を付けること。"
    en = "the replies have {count} error(s); nothing was taken. --findings DIR makes copies to be mended, --without-faulty takes the other departments."


class UnusableNotebook(NenpoError):
    """The file of a notebook is none that can be run; ``place`` is the file, or a cell of it."""

    exit_code = 3
    ja = "{place}: {what}。{remedy}"
    en = "{place}: {what}. {remedy}"


class ParametersLost(NenpoError):
    """What a notebook is given would not arrive in it: it would tell of its defaults instead."""

    exit_code = 3
    ja = "{place}: 渡した条件がノートブックに届かない（{why}）。{remedy}"
    en = "{place}: the parameters given do not arrive ({why}). {remedy}"


class OtherBriefing(NenpoError):
    """The head or the facts of a document name another one than it was made for."""

    exit_code = 3
    ja = "作ろうとした文書 {expected} と違うものになった（{differences}）。条件（タグ parameters のセル）の値をその後で書き換えているセル、b を使わずに頭書や事実を作っているセルを直すこと。"
    en = "this is not the briefing that was to be made, {expected} ({differences}). Correct the cell that changes a value after the parameters were set, or that makes the head or the facts from something else than b."


class DocumentError(NenpoError):
    """A cell of the executed notebook shows what a document may not hold."""

    exit_code = 3
    ja = "{place}: {what}。{remedy}"
    en = "{place}: {what}. {remedy}"


class CellFailed(NenpoError):
    """A cell failed; ``reason`` is the whole message of what it raised, in as many lines.

    More fields: ``cell`` (from 1), ``traceback`` (its last lines), ``notebook`` (executed).
    """

    exit_code = 3
    ja = "{place}が失敗した: {reason}"
    en = "{place} failed: {reason}"


class TooMuchOutput(NenpoError):
    """A cell, or a whole notebook, shows more than an executed notebook may hold."""

    exit_code = 3
    ja = "{what}が {limit} MB を超えたため打ち切った。繰り返しの中での印字や、大きな表・図の表示を減らすこと。"
    en = "{what} is more than {limit} MB, so it was stopped. Print less in loops, and show smaller tables and figures."


class ProcessDied(NenpoError):
    """The process that made a briefing ended without a result."""

    exit_code = 3
    ja = "文書を作るプロセスが結果を返さずに終わった（{how}）。セルが終了させたか、メモリー不足などで強制終了された。"
    en = "the process ended without a result ({how}): a cell ended it, or the system killed it, for example for want of memory."


class WorkerDied(NenpoError):
    """Every Dask worker that had the briefing died, more often than Dask allows."""

    exit_code = 3
    ja = "この文書を受け持った Dask ワーカーが {count} 回とも終了した（最後は {place}）。この文書か同じワーカーの別の文書のセルが終了させたか、メモリー不足などで強制終了された。"
    en = "the Dask workers that had it died {count} times (last {place}): a cell of it or of another briefing there ended them, or the system killed them, for example for want of memory."


class ProcessStays(NenpoError):
    """A cell has started a process that nobody here can end."""

    exit_code = 3
    ja = "セルが起動したプロセス {value} が終わらない。手で終了し、起動しないようにセルを直すこと。"
    en = "a cell has started processes that cannot be ended: {value}. End them by hand, and mend the cell."


class ServerDied(NenpoError):
    """The fork server ended, and so did the one that was started in its place."""

    exit_code = 3
    ja = "文書を作るプロセスを起動する側が2度続けて終了した。メモリー不足などで強制終了されたとみられる。空きを増やすか、--jobs を減らしてもう一度実行すること。"
    en = "the process that starts those of the briefings ended twice: probably the system killed it, for example for want of memory. Free some, or lower --jobs, and build again."


class DeadlinePassed(NenpoError):
    """A briefing took longer than it may; its process was killed."""

    exit_code = 3
    ja = "制限時間 {seconds} 秒以内に終わらなかったため打ち切った。終わらない処理を直すか、--deadline を延ばすこと。"
    en = "not done within {seconds} s and killed; mend what does not end, or allow more time with --deadline."


class IncompleteSet(NenpoError):
    """A finished briefing lacks a file or has an unusable one."""

    exit_code = 3
    ja = "できあがった一式が揃っていない: {problem}。"
    en = "the finished set is not complete: {problem}."


class UnusableLocale(NenpoError):
    """The names of files cannot be Japanese where the process runs; so Python says itself."""

    exit_code = 2
    ja = "ファイル名の文字コードが {value} なので、日本語の名前のファイルを読み書きできない。環境変数 PYTHONUTF8 を 1 にして実行し直すこと（例: PYTHONUTF8=1 nenpo …）。"
    en = "names of files are in {value} here, which has no Japanese: no such file can be read or written. Set PYTHONUTF8 to 1 and run this again (PYTHONUTF8=1 nenpo …)."


def describe_unusable(error: Exception) -> NenpoError:
    """Return an error of whatever a process could not begin with, as one of ours.

    A package that cannot be imported is named with the place, and a locale without Japanese names
    of files is told; anything else is a defect.
    """
    if isinstance(error, NenpoError):
        return error
    names = sys.getfilesystemencoding()
    if isinstance(error, UnicodeEncodeError) and error.encoding == names != "utf-8":
        return UnusableLocale(value=names)
    own = os.path.dirname(__file__)  # noqa: PTH120 # pathlib is not needed for a message
    frames = traceback.extract_tb(error.__traceback__)
    foreign = [frame for frame in frames if not frame.filename.startswith(("<frozen", own))]
    # Broken packages raise whatever they like while they are imported; ours has defects.
    broken = isinstance(error, SyntaxError) or any(f.name == "<module>" for f in foreign)
    if not broken and not isinstance(error, ImportError):
        return NenpoError(detail="".join(traceback.format_exception(error)))
    last = foreign[-1] if foreign else frames[-1]
    place, line = last.filename, last.lineno
    if isinstance(error, SyntaxError):
        place, line = error.filename or place, error.lineno
    value = getattr(error, "name", None) or os.path.splitext(os.path.basename(place))[0]  # noqa: PTH119, PTH122 # likewise
    return NotImportable(value=value, why=str(error), place=f"{place}:{line}")
