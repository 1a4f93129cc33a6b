"""Every message exists in both languages, and survives the way between processes."""

import pickle
import string
import sys
from collections.abc import Iterator

import pytest

from nenpo import errors
from nenpo.errors import (
    BadValue,
    DataError,
    InputRefused,
    NenpoError,
    UnknownKey,
    describe_unusable,
)


def list_classes(base: type[NenpoError] = NenpoError) -> Iterator[type[NenpoError]]:
    yield base
    for derived in base.__subclasses__():
        yield from list_classes(derived)


def list_placeholders(template: str) -> set[str]:
    names = (name for _, name, _, _ in string.Formatter().parse(template) if name)
    return {name.removesuffix("_en") for name in names}


CLASSES = [kind for kind in list_classes() if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", CLASSES)
def test_both_languages_say_the_same(kind: type[NenpoError]) -> None:
    assert kind.ja
    assert kind.en
    assert list_placeholders(kind.ja) == list_placeholders(kind.en)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_is_drawn_in_the_tree(kind: type[NenpoError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_survives_pickling(kind: type[NenpoError]) -> None:
    """The child process that makes a briefing sends its error to the parent."""
    if issubclass(kind, InputRefused):
        error: NenpoError = kind(problems=[BadValue(place="a:1", column="c")])
    else:
        names = list_placeholders(kind.ja) | list_placeholders(kind.en) | {"place"}
        error = kind(**dict.fromkeys(names, "x"))
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert repr(copy.fields) == repr(error.fields)


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"NENPO_LANG": "ja", "LANG": "en_US.UTF-8"}, "ja"),
        ({"NENPO_LANG": "en", "LC_ALL": "ja_JP.UTF-8"}, "en"),
        ({"LC_ALL": "ja_JP.UTF-8", "LANG": "C"}, "ja"),
        ({"LC_MESSAGES": "C", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({}, "en"),
    ],
)
def test_language_is_chosen_by_the_reader_then_the_locale(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NENPO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert errors.message_language() == language


def test_english_message_uses_the_english_twin_of_a_field() -> None:
    error = BadValue(place="a.csv:2", column="c", value="v", allowed="一つ", allowed_en="one")
    assert error.message("en") == "c 'v' cannot be used; allowed: one."
    assert "決まり: 一つ。" in error.message("ja")


def test_message_begins_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "en")
    error = BadValue(place="a.csv:2", column="c", value="v", allowed="w")
    assert str(error).startswith("a.csv:2: ")


def test_message_shows_controls_instead_of_obeying_them() -> None:
    error = BadValue(place="a.csv:2", column="c", value="\x1b[2J\n\u202e", allowed="w")
    assert r"\x1b[2J\n\u202e" in error.message("en")


def test_long_value_is_quoted_by_its_beginning() -> None:
    error = BadValue(place="a.csv:2", column="c", value="あ" * 3000, allowed="w")
    assert "あ" * 60 + "…" in error.message("en")
    assert len(error.message("en")) < 120


def test_refusal_lists_every_problem_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "en")
    problems = [BadValue(place=f"a.csv:{n}", column="c", value="v", allowed="w") for n in (2, 3)]
    lines = str(InputRefused(problems=problems)).splitlines()
    assert lines[0] == "the input has 2 error(s); no data and no output were touched."
    assert [line.partition(": ")[0] for line in lines[1:]] == ["DataError", "DataError"]


def test_refusal_names_the_kind_of_each_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "en")
    key = UnknownKey(place="p.yaml:1", value="k", allowed="a", hint="")
    value = BadValue(place="a.csv:2", column="c", value="v", allowed="w")
    lines = str(InputRefused(problems=[value, key])).splitlines()
    assert [line.partition(": ")[0] for line in lines[1:]] == ["DataError", "InputError"]


@pytest.mark.parametrize("kind", [k for k in CLASSES if issubclass(k, DataError)])
def test_bad_data_ends_with_exit_code_2(kind: type[NenpoError]) -> None:
    assert kind.exit_code == 2


def test_a_locale_without_japanese_names_of_files_is_told_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = UnicodeEncodeError("ascii", "照会文", 0, 3, "ordinal not in range(128)")
    assert describe_unusable(error).exit_code == 70
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "ascii")
    told = describe_unusable(error)
    assert told.exit_code == 2
    assert "PYTHONUTF8=1" in told.message("ja")
