"""Which plans are compared, under which themes, and what they are called."""

from collections.abc import Iterable

from nenpo.data.catalogue import Catalogue
from nenpo.data.plan import Plan


def list_compared(catalogue: Catalogue) -> list[Plan]:
    """Return the plans that are compared: those with a part in a theme, the national one apart."""
    national = catalogue.national
    named = {*catalogue.themes["plan"], *catalogue.comparisons["plan"]}
    plans = (catalogue.plans[plan] for plan in sorted(named))
    return [plan for plan in plans if national is None or plan.id != national.id]


def list_themes(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return the ids and labels of the themes that a plan has a part in, as they are declared."""
    used = {*catalogue.themes["theme"], *catalogue.comparisons["theme"]}
    themes = catalogue.meta.themes if catalogue.meta else ()
    return [(theme.id, theme.label) for theme in themes if theme.id in used]


def name_plan(plan: Plan) -> str:
    """Return a plan with its municipality, unless its title begins with it: 江東区「…プラン」."""
    owner = name_owner(plan)
    title = plan.meta.short_title
    return f"「{title}」" if title.startswith(owner) else f"{owner}「{title}」"


def name_owner(plan: Plan) -> str:
    """Return the municipality of a plan; 国 for a national one, whatever ministry wrote it."""
    own = plan.meta.municipality
    return "国" if own.word == "国" else own.name or f"{own.word}{_NAMELESS}"


_NAMELESS = "名の記載なし"


def name_in_text(owner: str) -> str:
    """Return an owner as a sentence names it: 区名の記載のない区.

    >>> [name_in_text(owner) for owner in ("江東区", "区名の記載なし")]
    ['江東区', '区名の記載のない区']
    """
    word = owner.removesuffix(_NAMELESS)
    return owner if word == owner else f"{word}名の記載のない{word}"


def find_common_word(words: Iterable[str]) -> str:
    """Return what all municipalities are called (区), 自治体 where they differ."""
    found = set(words)
    return found.pop() if len(found) == 1 else "自治体"


def find_word(catalogue: Catalogue) -> str:
    """Return what the municipalities of the compared plans are called."""
    return find_common_word(plan.meta.municipality.word for plan in list_compared(catalogue))
