"""What changed since a document was accepted, told as ``nenpo why`` tells it; and its names."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from nenpo.build.briefing import Briefing
from nenpo.build.causes.names import read_names
from nenpo.build.causes.why import Cause, Explainer
from nenpo.build.receipts import Inputs, find_reasons, read_receipts
from nenpo.check.accepted import Edition, locate_accepted
from nenpo.check.words import name_plans
from nenpo.data.load import load_plan
from nenpo.data.project import list_plans
from nenpo.data.shared_files import COMPARISON


class Causes:
    """Finds the causes of differences; inputs and records are looked at when first asked for."""

    def __init__(self, root: Path) -> None:
        self._root, self._state = root, Inputs(root)
        self._open = lru_cache(maxsize=None)(self._open)  # type: ignore[method-assign]

    def find(self, briefing: Briefing) -> tuple[Cause, ...] | None:
        """Return what a document is no longer made from; None if nobody knows what it was."""
        explainer = self._open(briefing.plan, briefing.fiscal_year)
        receipt = explainer.receipts.briefings.get(briefing.full_name)
        if receipt is None:
            return None
        # Of the accepted files nothing is left to compare: their digests are those of the receipt.
        reasons = find_reasons(explainer.receipts, self._state, briefing, receipt.outputs)
        return explainer.explain(briefing, reasons)

    def name_plans(self, editions: Iterable[Edition]) -> dict[str, str]:
        """Return the names of the editions' plans and their parts, of those that are gone too."""
        former: dict[str, dict[str, str]] = {}
        for plan, fiscal_year in sorted(editions):
            names = self._open(plan, fiscal_year).read_names(f"data/{plan}")
            former.setdefault(plan, {}).update(names)
        known, themes = list_plans(self._root), dict[str, str]()
        present = set(known).intersection(former)
        if COMPARISON in former:  # it speaks of every plan
            present = set(known)
            themes = read_names("data", self._root.joinpath)
        plans = (load_plan(plan, self._root) for plan in sorted(present))
        return themes | name_plans(plans, former)

    def _open(self, plan: str, fiscal_year: int) -> Explainer:
        record = locate_accepted(self._root, plan, fiscal_year)
        return Explainer(record, read_receipts(record), self._state)
