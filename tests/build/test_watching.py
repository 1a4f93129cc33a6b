"""Changes are told once they are whole, and what programs leave behind is no change."""

import importlib
import sys
from pathlib import Path

import pytest

from nenpo.build import watching
from nenpo.build.watching import watch_folders
from nenpo.data.replace import hold_plan
from nenpo.errors import MissingExtra, NotWatchable
from tiny_project import Project


@pytest.mark.parametrize("poll", [False, True])
def test_what_changes_in_a_folder_is_told_together(tmp_path: Path, poll: bool) -> None:
    (tmp_path / "data/tiny").mkdir(parents=True)
    with watch_folders([tmp_path / "data"], poll) as changes:
        for name in ("~$items.xlsx", ".items.csv.swp", "items.csv", "measures.csv"):
            (tmp_path / "data/tiny" / name).write_text("x", encoding="utf-8")
        found = changes.wait(10)
    names = {path.name for path in found}
    assert names - {"tiny"} == {"items.csv", "measures.csv"}  # a look from time to time sees both


def test_a_folder_may_be_a_link_or_named_from_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("real", "here"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path / "here")
    with watch_folders([Path(), Path("../link")]) as changes:
        (tmp_path / "real/a.xlsx").touch()
        (tmp_path / "here/b.xlsx").touch()
        found = changes.wait(10) | changes.wait(1)
    assert {path.name for path in found} == {"a.xlsx", "b.xlsx"}


def test_what_changes_meanwhile_is_not_lost(tmp_path: Path) -> None:
    with watch_folders([tmp_path]) as changes:
        (tmp_path / "a.csv").touch()
        assert {path.name for path in changes.wait(10)} == {"a.csv"}
        (tmp_path / "b.csv").touch()  # as during a build
        (tmp_path / "a.csv").unlink()
        assert "b.csv" in {path.name for path in changes.wait(10)}
        assert changes.wait(0.1) == frozenset()


def test_a_plan_that_is_replaced_as_a_whole_is_watched_on(tiny: Project) -> None:
    """Its folder is another one then: the one that was watched has gone."""
    with watch_folders([tiny.root / "data"]) as changes:
        with hold_plan(tiny.root, "tiny") as held:
            assert held.replace({"items.csv": tiny.path("items.csv").read_bytes() + b"\n"})
        found = changes.wait(10)
        assert found
        assert not [path for path in found if "_tiny" in str(path)]
        changes.wait(1)
        tiny.append("2021/progress.csv", "")
        assert tiny.path("2021/progress.csv") in changes.wait(10)


def test_a_folder_that_cannot_be_watched_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    with watch_folders([gone]) as changes, pytest.raises(NotWatchable) as caught:
        changes.wait(10)
    assert str(gone) in caught.value.message("ja")
    assert "--poll" in caught.value.message("en")


def test_without_watchfiles_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(MissingExtra, match=r"nenpo\[watch\]"):
        importlib.reload(watching)
    monkeypatch.undo()
    importlib.reload(watching)
