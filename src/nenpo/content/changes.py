"""What changed since the year before, and which departments follow which."""

from nenpo.analysis import progress
from nenpo.analysis.coverage import compare_reports, has_coverage
from nenpo.analysis.departments import list_changes
from nenpo.analysis.items import Item, each_item
from nenpo.analysis.progress import name_department
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Sentences, Table
from nenpo.content.tables import count_columns, list_things, tells_words
from nenpo.language.fiscal import fiscal_year_label


def sentences(b: OpenBriefing) -> Sentences | Nothing:
    """Return how the marks moved since the year before, with new and ended items."""
    moved = progress.compare_years(b)
    if moved is None:
        return Nothing("前年度の進捗がない")
    noun = b.terms.item
    always = (("改善した", moved.improved), ("後退した", moved.worsened)) if b.has_marks else ()
    news = (("新たに加わった", moved.started), ("終了した", moved.ended))
    told = [f"{word}{noun}は{len(items)}件" for word, items in (*always, *news)]
    quiet = not b.has_marks and moved.started.empty and moved.ended.empty
    texts = [
        *_tell_same_reports(b),
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


def _tell_same_reports(b: OpenBriefing) -> list[str]:
    """Return, where progress is told in words, how many items say the same as last year."""
    paired = compare_reports(b) if has_coverage(b) else None
    if paired is None:
        return []
    both = paired[(paired["before"] != "") & (paired["done"] != "")]
    if both.empty:
        return []
    same = int((both["before"] == both["done"]).sum())
    noun = b.terms.item
    counted = f"前年度と同じ記載は{same}件、異なる記載は{len(both) - same}件である。"
    return [f"両年度に進捗の記載がある{noun}{len(both)}件のうち、{counted}"]


def table(b: OpenBriefing) -> Table | Nothing:
    """Return how many items moved from each mark to each other mark since last year."""
    moved = progress.compare_years(b)
    if moved is None or moved.counts.empty:
        return Nothing("前年度の進捗がない")
    return Table(
        caption="進捗区分の移り変わり",
        columns=(
            Column("前年度", "center"),
            Column("当年度", "center"),
            *count_columns(["件数"], 1),
        ),
        rows=tuple(moved.counts.astype("str").itertuples(index=False, name=None)),
        row_headers=2,
    )


def items(b: OpenBriefing) -> Table | Nothing:
    """Return the items that are new, continue another, have ended, or are not reported."""
    moved = progress.compare_years(b)
    if moved is None:
        return Nothing("前年度の進捗がない")
    paired = moved.paired
    renewed = paired[(paired["previous_item"] != "") & (paired["previous_item"] != paired["item"])]
    rows = [
        *(("新たに加わった", wording.format_title(item), "") for item in each_item(moved.started)),
        *(
            ("引き継いだ", wording.format_title(item), b.plan.item_titles[before])
            for item, before in zip(each_item(renewed), renewed["previous_item"], strict=True)
        ),
        *(("終了した", "", wording.format_title(item)) for item in each_item(moved.ended)),
        *(("報告に記載がない", "", wording.format_title(i)) for i in each_item(moved.unreported)),
    ]
    if not rows:
        return Nothing("取組は前年度と同じである")
    noun = b.terms.item
    return Table(
        caption=f"{noun}の異動",
        columns=(
            Column("異動", width=5),
            Column(f"当年度の{noun}", width=16),
            Column(f"前年度の{noun}", width=16),
        ),
        rows=tuple(rows),
    )


@tells_words
def reports(b: OpenBriefing) -> Table | Nothing:
    """Return, where progress is told in words, last year's words beside this year's."""
    paired = compare_reports(b) if has_coverage(b) else None
    if paired is None:
        return Nothing("前年度の進捗がないか、進捗区分のある計画である")
    before, now = (fiscal_year_label(each) for each in (b.fiscal_year - 1, b.fiscal_year))
    told = dict(zip(paired["item"], paired["before"], strict=True))

    def tell_now(item: Item) -> str:
        same = item.done and item.done == told[item.item]
        return "（前年度と同じ記載）" if same else item.done or wording.NOT_STATED

    return list_things(
        "前年度からの変化",
        each_item(paired),
        (Column(b.terms.item, width=16), wording.format_labelled),
        (
            Column(f"{before}の進捗", width=14),
            lambda item: told[item.item] or wording.NOT_STATED,
        ),
        (Column(f"{now}の進捗", width=14), tell_now),
    )


def succession(b: OpenBriefing) -> Sentences | Nothing:
    """Return whose figures those of earlier years are, for a department that follows others."""
    changes = list_changes(b.plan, b.fiscal_year, b.department)
    if b.department is None or not changes:
        return Nothing("組織改正で引き継いだ部署がない")
    own, kind = name_department(b), b.terms.department
    told = []
    for change in changes:
        former = "、".join(b.plan.department_names[name] for name in change.froms)
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
