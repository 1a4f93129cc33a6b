"""A form's description read from its YAML file, and everything in it that cannot be used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nenpo.data.explain import name_path, suggest
from nenpo.data.plan_files import read_declaration
from nenpo.data.reading import RawYaml, YamlPath
from nenpo.errors import InputError, InputRefused, OpenQuestion, Words, WrongType
from nenpo.workbooks.forms.form import IGNORED, KEYS, OPEN, Form, FormField
from nenpo.workbooks.layout import Field


@dataclass(frozen=True)
class Question:
    """What a form leaves open: the key of a field, or the mark that one of its words means.

    ``path`` is where the answer belongs in the YAML file; ``word`` is "" for a key.
    """

    path: YamlPath
    sheet: str
    field: FormField
    word: str = ""

    @property
    def name(self) -> str:
        """What messages call it: 進捗調査票!M8「評価」の「順調」."""
        asked = f"{self.sheet}!{self.field.cell}「{self.field.label}」"
        return f"{asked}の「{self.word}」" if self.word else asked


def list_questions(form: Form) -> tuple[Question, ...]:
    """Return what has to be decided before the form can be used."""
    found: list[Question] = []
    for path, sheet, field in _list_fields(form):
        if field.key == OPEN:
            found.append(Question((*path, "key"), sheet, field))
        for name, words in (("choices", field.choices), ("ticks", field.ticks)):
            opened = (word for word, mark in words.items() if mark == OPEN)
            found += [Question((*path, name, word), sheet, field, word) for word in opened]
    return tuple(found)


def _list_fields(form: Form) -> Iterator[tuple[YamlPath, str, FormField]]:
    """Yield every field with its path in the YAML file and its sheet."""
    for number, head in enumerate(form.head):
        yield ("head", number), head.sheet, head
    for number, part in enumerate(form.parts):
        for position, field in enumerate(part.fields):
            yield ("parts", number, "fields", position), part.sheets[0], field


def read_form(path: Path) -> Form:
    """Return the form that a YAML file describes.

    Raises ``InputRefused`` with every unknown key and wrong value by its line, and with every
    question that is still open.
    """
    problems: list[InputError] = []
    folder = path.parent.resolve()
    form, document = read_declaration(folder / path.name, folder, Form, problems)
    if form is not None:
        problems += [_refuse_open(question, document) for question in list_questions(form)]
        problems += _check_parts(form, document)
        problems += _check_keys(form, document)
    if form is None or problems:
        raise InputRefused(problems=problems)
    return form


def _refuse_open(question: Question, document: RawYaml) -> OpenQuestion:
    keys = tuple(dict.fromkeys((*question.field.candidates, IGNORED)))
    marks = Words("plan.yaml の記号", "the marks of plan.yaml")
    allowed = marks if question.word else Words("、".join(keys), ", ".join(keys))
    return OpenQuestion(place=document.place(question.path), value=question.name, allowed=allowed)


def _check_parts(form: Form, document: RawYaml) -> Iterator[InputError]:
    """Yield the parts whose slots nobody could tell apart."""
    for number, part in enumerate(form.parts):
        if not any(part.find(key) for key in part.identity):
            name = f"parts[{number}].fields"
            words = "、".join(part.identity), ", ".join(part.identity)
            allowed = Words("{} のいずれかのキー", "a field with one of the keys {}")
            told = Words(allowed.ja.format(words[0]), allowed.en.format(words[1]))
            place = document.place(("parts", number, "fields"))
            yield WrongType(place=place, key=name, value="key", allowed=told)


def _check_keys(form: Form, document: RawYaml) -> Iterator[InputError]:
    """Yield the keys that nothing is called by."""
    for path, _, field in _list_fields(form):
        if field.key not in KEYS:
            known = [key for key in KEYS if key != OPEN]
            near = suggest(field.key, known)
            allowed = Words(*(", ".join(known) + hint for hint in (near["hint"], near["hint_en"])))
            place = document.place((*path, "key"))
            yield WrongType(
                place=place, key=name_path((*path, "key")), value=field.key, allowed=allowed
            )


def check_use(form: Form, name: str, fields: Mapping[str, Field], fiscal_year: int) -> None:
    """Refuse a form that is of another year, or whose marks are not those of the plan.

    ``fields`` are all that the plan asks, by key; ``name`` is the form's file. Raises
    ``InputRefused``.
    """
    problems: list[InputError] = []
    if form.fiscal_year not in (None, fiscal_year):
        allowed = Words(
            "{}（別の年度には、その年度の様式で nenpo form learn を行うこと）",
            "{} (for another year, learn the form of that year)",
        ).fill(fiscal_year)
        value = form.fiscal_year
        problems.append(WrongType(place=name, key="fiscal_year", value=value, allowed=allowed))
    for path, _, field in _list_fields(form):
        choices = fields[field.key].choices if field.key in fields else ()
        values = [choice.value for choice in choices]
        for kind, words in (("choices", field.choices), ("ticks", field.ticks)):
            for word, mark in words.items():
                if values and mark not in values:
                    key = name_path((*path, kind, word))
                    problems.append(
                        WrongType(place=name, key=key, value=mark, allowed=", ".join(values))
                    )
    if problems:
        raise InputRefused(problems=problems)
