"""What was guessed of a list, what was left out, and what to look at: each with its cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from nenpo.errors import Words, WorkbookError, make_visible

Kind = Literal["guessed", "look", "left"]

_HEADINGS: dict[Kind, Words] = {
    "guessed": Words("推定したこと", "What was guessed"),
    "look": Words("確かめること", "What to look at"),
    "left": Words("取り込まなかったもの", "What was left out"),
}
_SHOWN = 40


@dataclass(frozen=True)
class Guess:
    """One guess: ``place`` is a cell, a sheet or the file; ``first`` if it may make all wrong."""

    kind: Kind
    place: str
    told: Words
    first: bool = False


@dataclass
class Guesses:
    """All that is told of one list; filled while it is read."""

    made: list[Guess] = field(default_factory=list)
    problems: list[WorkbookError] = field(default_factory=list)

    def add(self, kind: Kind, place: str, ja: str, en: str, *values: object) -> None:
        """Note a guess once; values in the words are quoted from the list."""
        guess = Guess(kind, place, Words(ja, en).fill(*map(_clip, values)))
        if guess not in self.made:
            self.made.append(guess)

    def look(self, place: str, ja: str, en: str, *values: object) -> None:
        """Note a guess that a person should look at."""
        self.add("look", place, ja, en, *values)

    def warn(self, place: str, ja: str, en: str, *values: object) -> None:
        """Note what a person should look at before all else: numbers may be wrong."""
        guess = Guess("look", place, Words(ja, en).fill(*map(_clip, values)), first=True)
        if guess not in self.made:
            self.made.append(guess)

    def guess(self, place: str, ja: str, en: str, *values: object) -> None:
        """Note what was guessed and is likely."""
        self.add("guessed", place, ja, en, *values)

    def leave(self, place: str, ja: str, en: str, *values: object) -> None:
        """Note what was left out."""
        self.add("left", place, ja, en, *values)

    def write_lines(self, kind: Kind) -> list[str]:
        """Return what is told of a kind, a line each, in the language for messages."""
        told = sorted((g for g in self.made if g.kind == kind), key=lambda g: not g.first)
        return [make_visible(f"{'★ ' if g.first else ''}{g.place}: {g.told}") for g in told]


def _clip(value: object) -> object:
    if isinstance(value, str) and len(value) > _SHOWN:
        return value[:_SHOWN] + "…"
    return value


def tell_guesses(guesses: Guesses) -> Iterator[str]:
    """Yield what a person at a terminal should read, what to look at first."""
    for kind in ("look", "guessed", "left"):
        lines = guesses.write_lines(kind)
        if lines:
            yield f"{_HEADINGS[kind]}:"
            yield from (f"  {line}" for line in lines)


def write_report(title: str, counts: list[str], guesses: Guesses) -> str:
    """Return the report as Markdown; nothing that the list says acts as such."""
    parts = [f"# {_escape(title)}", "", *(f"- {_escape(line)}" for line in counts)]
    for kind in ("look", "guessed", "left"):
        lines = guesses.write_lines(kind) or [str(Words("なし", "none"))]
        parts += ["", f"## {_HEADINGS[kind]}", "", *(f"- {_escape(line)}" for line in lines)]
    return "\n".join([*parts, ""])


def _escape(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*[]<>" else c for c in make_visible(text))
