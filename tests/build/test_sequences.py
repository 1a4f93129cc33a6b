"""Whatever happened to the outputs, a build makes of the same input the same bytes."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from check_project import Accepted
from nenpo.build.isolated.outcome import BriefingResult
from nenpo.build.params import order_parameters
from nenpo.build.receipts import Inputs, choose_briefings
from nenpo.build.run import BuildOptions, build
from nenpo.cli.documents import PAGES
from project import read_files

STEPS = 5
SELECTORS = ("tiny/2021", "tiny/2022/annual", "tiny/2021/joho")


@dataclass(frozen=True)
class Player:
    """Does to the outputs of a project what a sequence says, and tells what it was."""

    project: Accepted
    chance: random.Random

    def play(self) -> str:
        """Take one step at random; return its name."""
        steps: list[Callable[[], str]] = [
            self.tamper, self.delete, self.lose_list, self.interrupt,
            self.build, self.build_some, partial(self.build_some, fresh=True),
        ]  # fmt: skip
        return self.chance.choice(steps)()

    def tamper(self) -> str:
        file = self._choose_file()
        file.write_bytes(file.read_bytes()[: self.chance.randrange(200)])
        return f"tamper {file.name}"

    def delete(self) -> str:
        file = self._choose_file()
        file.unlink()
        return f"delete {file.name}"

    def lose_list(self) -> str:
        # One of the two: what neither names is somebody else's, and stays.
        (self.project.output / ".receipts.json").unlink(missing_ok=True)
        self.build_some()
        return "lose the receipts"

    def interrupt(self) -> str:
        left = self.chance.randrange(4)

        def count(_: BriefingResult) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self.build(SELECTORS[0], fresh=True, on_done=count)
        return "interrupt"

    def build_some(self, fresh: bool = False) -> str:
        return self.build(self.chance.choice(SELECTORS), fresh=fresh)

    def build(
        self,
        *selectors: str,
        fresh: bool = False,
        on_done: Callable[[BriefingResult], None] = lambda _: None,
    ) -> str:
        root, output = self.project.project.root, self.project.output
        state = Inputs(root)
        options = BuildOptions(output, selectors, fresh=fresh, pages=PAGES)
        briefings = choose_briefings(state, output, selectors)
        build(root, briefings, options, on_done, state)
        return f"build {' '.join(selectors)} {'--fresh' if fresh else ''}"

    def _choose_file(self) -> Path:
        names = [name for name in read_files(self.project.output) if name != "manifest.json"]
        return self.project.output / self.chance.choice(names)


@pytest.mark.parametrize("seed", range(2))
def test_any_sequence_ends_in_the_bytes_of_a_clean_build(
    accepted_once: Accepted, tmp_path: Path, seed: int
) -> None:
    player = Player(accepted_once.copy(tmp_path / "project"), random.Random(seed))
    told = [player.play() for _ in range(STEPS)]
    player.build()
    made, clean = (read_files(each.output) for each in (player.project, accepted_once))
    assert [name for name in clean if made.get(name) != clean[name]] == [], told
    assert made.keys() == clean.keys(), told


def test_outputs_are_repaired_even_if_both_lists_of_them_are_lost(
    accepted_once: Accepted, tmp_path: Path
) -> None:
    """The facts beside them say whose they are; what has none is somebody else's."""
    player = Player(accepted_once.copy(tmp_path / "project"), random.Random(0))
    for file in ("manifest.json", ".receipts.json"):
        (player.project.output / file).unlink()
    for file in ("index.html", "tiny/2021/index.html", "tiny/2021/annual.pdf"):
        (player.project.output / file).write_text("altered")
    player.build()
    assert read_files(player.project.output) == read_files(accepted_once.output)


def test_parameters_have_one_order_wherever_they_come_from(accepted_once: Accepted) -> None:
    """Receipts are written in the order of the alphabet, and remember what a command chose."""
    chosen = accepted_once.select("tiny/2021/joho")[0].parameters
    assert list(order_parameters(dict(sorted(chosen.items())))) == list(chosen)
