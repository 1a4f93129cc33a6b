"""The command line speaks one language: its help, and what is wrong with a call."""

import re

import pytest
from typer.main import get_command

from nenpo.cli.app import app
from nenpo.errors import WrongCommandLine

COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]
WRONG = {
    ("buidl",): "build",
    ("build", "--jbos", "3"): "--jobs",
    ("build", "--zzz"): "--scheduler",
    ("build", "--jobs", "many"): "many",
    ("build", "--jobs", "-1"): ">= 0",
    ("build", "--deadline", "soon"): "soon",
    ("build", "--engine", "steam"): "nenpo, kernel",
    ("build", "--jobs"): "--jobs",
    ("build", "--fresh=3"): "--fresh",
    ("accept", "tiny"): "--reason",
    ("compare", "a"): "B",
    ("compare", "a", "b", "c"): "a b c",
    ("--verison",): "--version",
}


@pytest.fixture
def japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "ja")


def call(*words: str) -> None:
    get_command(app)(list(words), prog_name="nenpo", standalone_mode=False)


def read_help(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call(*words, "--help")
    return capsys.readouterr().out


def is_japanese(text: str) -> bool:
    return re.search("[ぁ-んァ-ヶ一-龠]", text) is not None


@pytest.mark.parametrize("name", COMMANDS)
def test_help_in_english_has_no_japanese(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert not is_japanese(read_help(capsys, name))


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.usefixtures("japanese")
def test_help_in_japanese_has_no_english_sentence(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Three words of English in a row are a sentence; names of things stand alone."""
    told = read_help(capsys, name)
    assert is_japanese(told)
    assert re.findall(r"[A-Za-z']+ [a-z']+ [a-z']+", told) == []
    assert not re.search("Usage|Options|Arguments|default:|required|Show", told)


@pytest.mark.usefixtures("japanese")
def test_every_command_is_listed_in_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    listed = read_help(capsys).partition("コマンド:\n")[2].splitlines()
    assert len(listed) == len(COMMANDS)
    assert all(map(is_japanese, listed))


def test_the_option_for_help_is_not_told_to_be_none() -> None:
    with pytest.raises(WrongCommandLine) as caught:
        call("validate", "--help=3")
    assert caught.value.message("en") == "--help takes no value. See nenpo validate --help."


@pytest.mark.parametrize(("words", "named"), WRONG.items())
def test_a_wrong_call_is_told_in_either_language_with_what_to_do(
    words: tuple[str, ...], named: str
) -> None:
    with pytest.raises(WrongCommandLine) as caught:
        call(*words)
    english, japanese = (caught.value.message(language) for language in ("en", "ja"))
    assert named in english
    assert named in japanese
    assert not is_japanese(english)
    assert is_japanese(japanese)
    assert "--help" in english
    assert caught.value.exit_code == 2


def test_what_a_parser_refuses_is_told_in_its_words_and_not_called_missing() -> None:
    with pytest.raises(WrongCommandLine) as refused:
        call("accept", "tiny", "--reason", "\udcff")
    message = refused.value.message("en")
    assert "--reason: it is not UTF-8" in message
    assert "missing" not in message
