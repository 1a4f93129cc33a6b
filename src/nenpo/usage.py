"""What typer says of the command line, its help and what is wrong with it, in one language.

Commands and options have their help in both, "English / 日本語", a paragraph each.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import reduce
from typing import Any, get_args

import typer
from typer.core import TyperCommand, TyperGroup

from nenpo.errors import Words, WrongCommandLine, message_language

# What stands in every help page; typer (0.29) translates some of it by gettext, and the rest never.
_HELP_WORDS = {
    "Usage: ": "使い方: ",
    "[OPTIONS]": "[オプション]",
    "COMMAND [ARGS]...": "コマンド [引数]...",
    "Arguments": "引数",
    "Options": "オプション",
    "Commands": "コマンド",
    "Show this message and exit.": "この説明を示す",
    "[default: ": "[既定: ",
    "[required]": "[必須]",
    " <list[str]>": "",
    "<str>": "<文字列>",
    "<path>": "<パス>",
    "<int range>": "<整数>",
    "<float range>": "<数>",
}
_KINDS = {int: Words("整数", "a whole number"), float: Words("数", "a number")}


def choose_language(text: str) -> str:
    """Return that half of each paragraph of "English / 日本語" which the reader reads.

    >>> choose_language("Print JSON / JSONで出す")
    'Print JSON'
    """
    position = 1 if message_language() == "ja" else 0
    paragraphs = (" ".join(lines.split()).split(" / ") for lines in text.split("\n\n"))
    return "\n\n".join(halves[position % len(halves)] for halves in paragraphs)


class _InOneLanguage:
    """What a command and the command line as a whole have alike."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**_translate(more))

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        ctx.formatter_class = Page
        beneath: Any = super()
        return str(beneath.get_help(ctx))

    def make_context(self, info_name: Any, args: list[str], parent: Any = None, **more: Any) -> Any:
        """Return the context of a call. Raises ``WrongCommandLine``."""
        name = f"{parent.command_path} {info_name}" if parent else str(info_name)
        beneath: Any = super()
        with _explain_misuse(self, name, list(args)):
            return beneath.make_context(info_name, args, parent, **more)


class Command(_InOneLanguage, TyperCommand):
    """A command in the reader's language."""


class Group(_InOneLanguage, TyperGroup):
    """The command line as a whole."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that ``args`` begin with. Raises ``WrongCommandLine``."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            what = Words("コマンド「{}」はない", "there is no command '{}'").fill(args[0])
            raise _refuse(ctx.command_path, what, args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)


def _translate(more: dict[str, Any]) -> dict[str, Any]:
    for parameter in more.get("params") or ():
        if getattr(parameter, "help", None):
            parameter.help = choose_language(parameter.help)
    return more | {"help": choose_language(more.get("help") or "")}


def _translate_words(text: str) -> str:
    pairs = _HELP_WORDS.items() if message_language() == "ja" else ()
    return reduce(lambda told, pair: told.replace(*pair), pairs, text)


class Page(typer.Context.formatter_class):  # type: ignore[misc,valid-type]  # a base that is an attribute
    """A help page in the reader's language, translated before it is laid out."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, _translate_words(args), _translate_words(prefix or "Usage: "))

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        super().write_heading(_translate_words(heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], *more: Any, **named: Any) -> None:
        """Write a list of options or commands."""
        told = [(_translate_words(term), _translate_words(text)) for term, text in rows]
        super().write_dl(told, *more, **named)


@contextmanager
def _explain_misuse(command: Any, name: str, args: list[str]) -> Iterator[None]:
    """Raise ``WrongCommandLine`` for what typer finds wrong with ``args``."""
    try:
        yield
    except typer.TyperException as error:
        if isinstance(error, typer.BadParameter):
            raise _explain_parameter(error, name) from None
        option = getattr(error, "option_name", None)
        if option is not None:
            raise _explain_option(option, command, name) from None
        if not args:
            raise  # the help page, which an empty call is given
        shown = " ".join(args)
        too_many = Words("引数が多い（{}）", "too many arguments ({})").fill(shown)
        raise _refuse(name, too_many) from None


def _explain_parameter(error: typer.BadParameter, name: str) -> WrongCommandLine:
    parameter: Any = error.param
    is_option = parameter.param_type_name == "option"
    label = parameter.opts[0] if is_option else parameter.metavar
    if not error.message:  # of what is missing, typer (0.29) says no more
        missing = Words("{} がない", "{} is missing").fill(label)
        return _refuse(name, missing, remedy=Words("指定すること。", "Give it. "))
    list_faults = getattr(error.__cause__, "errors", None)  # pydantic's, which typer raises from
    if list_faults is None:  # a parser's own words, "English / 日本語"
        told = choose_language(error.message)
        return _refuse(name, Words("{}: {}", "{}: {}").fill(label, told))
    value = list_faults()[0]["input"]
    what = Words("{} の値「{}」は使えない", "{}: '{}' cannot be used").fill(label, value)
    allowed = Words("使えるのは {}。", "Allowed: {}. ").fill(_describe_values(parameter))
    return _refuse(name, what, remedy=allowed)


def _describe_values(parameter: Any) -> Words:
    annotation = parameter.type_descriptor.annotation
    if words := [word for word in get_args(annotation) if isinstance(word, str)]:
        return Words(*[", ".join(words)] * 2)
    bound = "" if parameter.min is None else f" >= {parameter.min}"
    return Words("{}{}", "{}{}").fill(
        _KINDS.get(annotation, Words("別の値", "another value")), bound
    )


def _explain_option(option: str, command: TyperCommand | TyperGroup, name: str) -> WrongCommandLine:
    known: dict[str, Any] = {o: p for p in command.params for o in p.opts if o.startswith("-")}
    known["--help"] = None
    if option not in known:
        what = Words("オプション {} はない", "there is no option {}").fill(option)
        return _refuse(name, what, option, list(known))
    if getattr(known[option], "is_flag", True):
        return _refuse(name, Words("{} は値を取らない", "{} takes no value").fill(option))
    return _refuse(name, Words("{} の値がない", "{} needs a value").fill(option))


def _refuse(
    name: str,
    what: Words,
    value: str = "",
    known: list[str] | None = None,
    remedy: Words | None = None,
) -> WrongCommandLine:
    """Return the error; of what is ``known``, the nearest to ``value``, else all is named."""
    if known:
        near = get_close_matches(value, known, n=1)
        told = Words("{} ではないか。", "Did you mean {}? ").fill(near[0]) if near else None
        remedy = told or Words("使えるのは {}。", "Known: {}. ").fill(", ".join(known))
    remedy = remedy or Words("", "")
    return WrongCommandLine(
        what=what.ja, what_en=what.en, remedy=remedy.ja, remedy_en=remedy.en, command=name
    )
