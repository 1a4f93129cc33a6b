"""What ``nenpo survey make`` tells: what is in the folder, what to look at, what to do next."""

from collections.abc import Iterator

from nenpo.errors import Words
from nenpo.language.fiscal import fiscal_year_label
from nenpo.workbooks.asking.asked import PREPARER, gather_asked
from nenpo.workbooks.sending.guide import label_day
from nenpo.workbooks.sending.hand_out import LETTER, HandedOut
from nenpo.workbooks.sending.letter import Enclosure

_NOTE = Words("注記", "note")


def tell_handed_out(made: HandedOut) -> Iterator[str]:
    """Yield what was made, line by line."""
    order = made.order
    year = Words(fiscal_year_label(order.fiscal_year), f"fiscal year {order.fiscal_year}")
    books = sum(e.file in made.written for e in made.enclosures)
    told = Words("{}の調査票 {} 件を {} に作った。", "made {1} workbook(s) for {0} in {2}.")
    yield str(told.fill(year, books, order.folder))
    yield from (f"  {_describe(made, each)}" for each in made.enclosures)
    if LETTER in _list_files(made):
        yield f"  {LETTER}"
    if made.same:
        told = Words("同じ内容のファイルが既にあったもの: {} 件", "there already, the same: {}")
        yield f"  {told.fill(len(made.same))}"
    yield from (f"{_NOTE}: {line}" for line in _list_notes(made))
    yield str(Words("次にすること", "What to do next"))
    yield from (f"  {number}. {step}" for number, step in enumerate(_list_steps(made), 1))


def _describe(made: HandedOut, enclosure: Enclosure) -> str:
    """Return a workbook's file and how much it asks: 「01_総務課.xlsx　取組5件、節目2件」."""
    item = made.plan.meta.terms.item
    kinds = (
        ("items", Words(f"{item}{{}}件", "{} item(s)")),
        ("indicators", Words("成果指標{}件", "{} indicator(s)")),
        ("milestones", Words("節目{}件", "{} milestone(s)")),
    )
    counts = ((words, enclosure.count(kind)) for kind, words in kinds)
    told = [words.fill(count) for words, count in counts if count]
    joined = Words("、".join(w.ja for w in told), ", ".join(w.en for w in told))
    return f"{enclosure.file}  {joined}"


def _list_files(made: HandedOut) -> tuple[str, ...]:
    return (*made.written, *made.same, *made.kept)


def _list_notes(made: HandedOut) -> Iterator[Words]:
    yield from _tell_supporting(made)
    yield from _tell_preparer(made)
    yield from made.notes
    if made.notice.deadline is None and LETTER in _list_files(made):
        yield Words(
            "提出期限がない。params の survey_deadline に書くか、--deadline を付けること。",
            "no deadline; state survey_deadline in params, or give --deadline.",
        )


def _tell_supporting(made: HandedOut) -> Iterator[Words]:
    """Yield which departments only support items, and get no workbook."""
    if made.order.departments:
        return
    asked = gather_asked(made.plan, made.order.fiscal_year)
    known = {each.survey.department for each in made.enclosures}
    named = {d for held in (*asked.leads.values(), *asked.supports.values()) for d in held}
    names = [made.plan.department_names[d] for d in asked.departments if d in named - known]
    if names:
        terms = made.plan.meta.terms
        yield Words(
            f"{terms.supporting}等として載るだけの組織には、調査票がない: {{}}",
            "no workbook for those that lead nothing: {}",
        ).fill("、".join(names))


def _tell_preparer(made: HandedOut) -> Iterator[Words]:
    """Yield that no department is named for what who prepares the report answers itself."""
    if any(each.survey.department == PREPARER for each in made.enclosures):
        own = next(e for e in made.enclosures if e.survey.department == PREPARER)
        lead = made.plan.meta.terms.lead
        yield Words(
            f"{lead}の定めがないものは、{{}} にまとめた。取りまとめ担当が記入するか、"
            f"data/{{}}/{{}}/assignments.csv に{lead}を書き加えて作り直すこと。",
            "what no department leads is in {}: fill it in yourself, or add who leads it to "
            "data/{}/{}/assignments.csv and make the workbooks again.",
        ).fill(own.file, made.order.plan, made.order.fiscal_year)


def _list_steps(made: HandedOut) -> Iterator[Words]:
    order = made.order
    edition = f"{order.plan}/{order.fiscal_year}"
    if LETTER in _list_files(made):
        blank = "文書番号" if made.notice.sent else "文書番号と日付"
        day = f"{label_day(made.notice.deadline)}までに" if made.notice.deadline else ""
        yield Words(
            f"{{}} に{blank}を書き入れ、調査票を添えて各部署に送る（{day}返送してもらう）",
            "complete the letter {} and send it with the workbooks",
        ).fill(LETTER)
    form = f" --form {order.form}" if order.form else ""
    yield Words(
        "返ってきたファイルを一つのフォルダー DIR に集め、nenpo survey collect DIR{} で取り込む",
        "gather what comes back in one folder DIR, and take it in with nenpo survey collect DIR{}",
    ).fill(form)
    yield Words(
        "{}  誰がまだかを示す",
        "{}  tells who has not answered",
    ).fill(f"nenpo survey status {edition}")
