"""What ``plan.yaml`` and ``published.yaml`` must agree on: ids once, marks on the scale."""

from collections.abc import Iterator, Sequence

from nenpo.data.explain import explain_mark, list_known
from nenpo.data.reading import RawYaml, YamlPath
from nenpo.data.schema.cells import is_id
from nenpo.data.schema.declarations import PlanMeta, Published
from nenpo.errors import BadValue, DuplicateId, InputError, UnknownMark, UnknownReference

# Folders of an output folder that are no plan's.
_TAKEN = frozenset({"internal", "failed", "data"})
_UNIQUE = (
    *(("goals", "id"), ("status_scale", "mark"), ("status_scale", "code"), ("sources", "id")),
    *(("aspects", "id"), ("actors", "id"), ("standing_rules", "word"), ("standing_rules", "from")),
)


def check_meta(meta: PlanMeta, folder: str, document: RawYaml) -> Iterator[InputError]:
    """Yield ids and marks that occur twice, and values that contradict each other."""
    if meta.id != folder and is_id(folder):  # of any other folder, its own name is told
        yield _refuse(document, ("id",), meta.id, folder, folder)
    if meta.id in _TAKEN:
        names = ", ".join(sorted(_TAKEN))
        ja, en = f"{names} 以外の ID", f"an id other than {names}"
        yield _refuse(document, ("id",), meta.id, ja, en)
    first, last = meta.period.first_year, meta.period.last_year
    if last < first:
        allowed = f">= {first}"
        yield _refuse(document, ("period", "last_year"), last, allowed, allowed)
    if meta.municipality.name is None and not meta.municipality.note:
        ja, en = "名称、又は名称がない理由（note）", "a name, or the reason for none in note"
        yield _refuse(document, ("municipality", "name"), "null", ja, en)
    for key, column in _UNIQUE:
        yield from check_unique(document, key, column)


def check_published(
    published: Published, meta: PlanMeta, document: RawYaml
) -> Iterator[InputError]:
    """Yield marks that are not on the scale, and a source that plan.yaml does not list."""
    for key, counts in (("status_counts", published.status_counts), ("lines", published.lines)):
        for mark in counts:
            if mark not in meta.marks:
                place = document.place((key, mark))
                yield UnknownMark(place=place, **explain_mark(mark, meta.status_scale))
    known = [source.id for source in meta.sources]
    if published.source is not None and published.source not in known:
        yield refuse_key(document, "source", "plan.yaml#sources", known)


def refuse_key(document: RawYaml, key: str, target: str, known: Sequence[str]) -> UnknownReference:
    """Return the error for the value of ``key``, which names none of the ``known``."""
    value = document.value[key]
    fields = list_known(value, known)
    return UnknownReference(
        place=document.place((key,)), column=key, value=value, target=target, **fields
    )


def check_unique(document: RawYaml, key: str, column: str) -> Iterator[DuplicateId]:
    """Yield the entries of the list ``key`` whose ``column`` has the value of an earlier one."""
    values = [str(entry[column]) for entry in document.value.get(key, ())]
    for position, value in enumerate(values):
        first = values.index(value)
        if first < position:
            yield DuplicateId(
                place=document.place((key, position, column)),
                value=value,
                column=f"{key}.{column}",
                first=document.place((key, first, column)),
            )


def _refuse(document: RawYaml, path: YamlPath, value: object, ja: str, en: str) -> BadValue:
    column = ".".join(map(str, path))
    place = document.place(path)
    return BadValue(place=place, column=column, value=value, allowed=ja, allowed_en=en)
