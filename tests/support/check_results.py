"""Results of a check without any document, for what is made of them."""

from dataclasses import replace
from typing import Any

from nenpo.check.changes import LEVELS, FactChange, TextChange
from nenpo.check.result import CheckResult, DocumentResult


def make_result(name: str = "plan/2021/annual", **changed: Any) -> DocumentResult:
    same: dict[Any, Any] = dict.fromkeys(LEVELS, "same")
    return DocumentResult(name, "計画全体 2021", same | changed)


def make_groups(count: int) -> CheckResult:
    """One text that several documents share, and ``count`` facts of their own."""
    shared = TextChange("見出し", ("前の文。",), ("後の文。\n100%だ。",))
    facts = tuple(FactChange(("rows", str(n)), n, n + 1) for n in range(count))
    first = replace(make_result(facts="changed", text="changed"), facts=facts, text=(shared,))
    second = replace(
        make_result("plan/2021/x", text="changed"), title="情報課 2021", text=(shared,)
    )
    return CheckResult((first, second))
