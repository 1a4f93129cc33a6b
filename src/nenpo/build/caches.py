"""Files that only repeat what is on disk: one that is damaged is told once and taken as not there.

What they hold is checked on reading, so that nobody meets a digest that is none, or a path that
leads out of the folder. By pydantic's core alone: pydantic takes a fifth of the time of a build
that has nothing to do (0.1 s of 0.5 s, pydantic 2.12).
"""

import errno
import sys
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic_core import CoreConfig, SchemaValidator, ValidationError
from pydantic_core import core_schema as schema

from nenpo.errors import Words
from nenpo.files import read_ordinary

Shape = schema.CoreSchema
Command = Literal["nenpo build", "nenpo accept"]

_DAMAGED = Words(
    "{} は壊れているか、別の版の nenpo が書いたものである。ないものとして扱い、{} で作り直す。",
    "{} is damaged, or of another version of nenpo: it is taken as missing, and {} makes it anew.",
)
# Nothing can lie below a file, or under such a name.
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)

# Patterns, not functions: a country has tens of thousands of these. No part is "." or "..".
_PART = r"(?:[^/\\:\x00.]|\.[^/\\:\x00.]|\.\.[^/\\:\x00])[^/\\:\x00]*"
TEXT = schema.str_schema()
DIGEST = schema.str_schema(pattern="^[0-9a-f]{64}$")
PATH = schema.str_schema(pattern=f"^{_PART}(?:/{_PART})*$")
NAME = schema.str_schema(pattern=f"^{_PART}/[0-9]{{4}}/{_PART}(?:/{_PART})*$")
TEXTS = schema.dict_schema(TEXT, TEXT)
DIGESTS = schema.dict_schema(PATH, DIGEST)


def shape_object(**fields: Shape) -> Shape:
    """Return the shape of a JSON object that has these fields and no others."""
    return schema.typed_dict_schema(
        {name: schema.typed_dict_field(field) for name, field in fields.items()},
        extra_behavior="forbid",
    )


def make_validator(shape: Shape) -> SchemaValidator:
    """Return what checks JSON against a shape; nothing is taken for something else."""
    return SchemaValidator(shape, CoreConfig(strict=True))


def read_cache(path: Path, validator: SchemaValidator, command: Command) -> Any:
    """Return what a cache of ours holds, None where there is none, or one that cannot be used.

    The latter is told, with the ``command`` that makes it anew.
    """
    try:
        return validator.validate_json(read_ordinary(path))
    except (OSError, ValidationError) as error:
        if getattr(error, "errno", None) not in _NOT_THERE:
            tell_damage(path, command)
        return None


@cache
def tell_damage(path: Path, command: Command) -> None:
    """Say on the standard error that a file cannot be used; once, however often it is read."""
    print(_DAMAGED.fill(path, command), file=sys.stderr)
