"""Office files packed anew, so that the same content is the same bytes on every day and system."""

import zipfile
from io import BytesIO

_DAY = (1980, 1, 1, 0, 0, 0)  # the first that an archive can name
_UNIX = 3  # else zipfile notes the system that it runs on


def pack_anew(raw: bytes) -> bytes:
    """Return an office file with its parts in their order, without a day or a system."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as made, zipfile.ZipFile(packed, "w") as archive:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, _UNIX
            archive.writestr(entry, made.read(name))
    return packed.getvalue()
