"""What changed since the year before, and which departments follow which → sentences."""

from nenpo.analysis import progress
from nenpo.analysis.coverage import compare_reports, has_coverage
from nenpo.analysis.departments import list_changes
from nenpo.analysis.progress import Year, name_department
from nenpo.content.display import Nothing, Sentences
from nenpo.language.fiscal import fiscal_year_label


def summarise_transitions(year: Year) -> Sentences | Nothing:
    """Return how the marks moved since the year before, with new and ended items."""
    moved = progress.compare_years(year)
    if moved is None:
        return Nothing("no earlier year")
    noun = year.plan.meta.terms.item
    marked = bool(year.plan.meta.status_scale)
    always = (("改善した", moved.improved), ("後退した", moved.worsened)) if marked else ()
    news = (("新たに加わった", moved.started), ("終了した", moved.ended))
    told = [f"{word}{noun}は{len(items)}件" for word, items in (*always, *news)]
    quiet = not marked and moved.started.empty and moved.ended.empty
    texts = [
        *_tell_same_reports(year),
        f"新たに加わった{noun}及び終了した{noun}はない。"
        if quiet
        else f"前年度と比べ、{'、'.join(told)}である。",
    ]
    rare = (
        ("区分又は変更の向きが変わり、改善とも後退ともいえない", moved.moved),
        ("前年度は区分の記載がなく、当年度に付いた", moved.marked),
        ("前年度は区分があり、当年度は記載のない", moved.unmarked),
        ("計画に残っているが、当年度の報告に記載のない", moved.unreported),
    )
    texts += [f"{word}{noun}が{len(items)}件ある。" for word, items in rare if len(items)]
    return Sentences(("".join(texts),))


def _tell_same_reports(year: Year) -> list[str]:
    """Return, where progress is told in words, how many items say the same as last year."""
    paired = compare_reports(year) if has_coverage(year) else None
    if paired is None:
        return []
    both = paired[(paired["before"] != "") & (paired["done"] != "")]
    if both.empty:
        return []
    same = int((both["before"] == both["done"]).sum())
    noun = year.plan.meta.terms.item
    counted = f"前年度と同じ記載は{same}件、異なる記載は{len(both) - same}件である。"
    return [f"両年度に進捗の記載がある{noun}{len(both)}件のうち、{counted}"]


def tell_succession(year: Year) -> Sentences | Nothing:
    """Return whose figures those of earlier years are, for a department that follows others."""
    changes = list_changes(year.plan, year.fiscal_year, year.department)
    if year.department is None or not changes:
        return Nothing("the department follows no other")
    names = year.plan.departments.set_index("department")["name"]
    own, kind = name_department(year), year.plan.meta.terms.department
    told = []
    for change in changes:
        former = "、".join(names[name] for name in change.froms)
        label = fiscal_year_label(change.fiscal_year)
        told.append(
            _SUCCESSIONS[change.kind].format(own=own, kind=kind, former=former, label=label)
        )
    return Sentences(tuple(told), role="note")


_SUCCESSIONS = {
    "rename": "{own}は、{label}に{former}を改称した{kind}である。"
    "{label}より前の値は、{former}のものである。",
    "merge": "{own}は、{label}に{former}を統合した{kind}である。"
    "{label}より前の値は、統合前の{kind}の値を合わせたものである。",
    "split": "{own}は、{label}に{former}から分かれた{kind}である。"
    "{label}より前の値は、分かれる前の{former}のものである。",
    "transfer": "{own}は、{label}に{former}から一部の移管を受けた。"
    "{label}より前の値に、{former}の値は含まない。",
}
