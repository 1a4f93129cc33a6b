"""The tags of a typeset PDF → the same with the headers of rows, and words for marks.

The typesetter tags what heads a column. Of what heads a row it knows nothing: ``pdf.header-cell``
is behind a flag that its wheel (typst 0.15) has no way to set. So the cells are found by the order
of tables, rows and cells, which is that of the layout, and named in the finished file.
"""

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pikepdf

# What the layout says of a cell: whether it heads its row, and its mark.
_Cell = Mapping[str, Any]
# Most of the tags: looking through them for tables takes most of the time.
_TEXTS = frozenset({"/Table", "/P", "/Figure", "/Span", *(f"/H{level}" for level in range(1, 7))})


def tag_tables(pdf: bytes, layout: Mapping[str, Any]) -> bytes:
    """Return the PDF that was set from ``layout`` with headed rows and with words for its marks.

    Raises ValueError if its tags are not those of the layout.
    """
    with pikepdf.open(io.BytesIO(pdf)) as file:
        root = file.Root.StructTreeRoot
        drawn = list(_list_tables(layout["parts"]))
        tagged = list(_find_tags(root.K, "/Table", _TEXTS))
        if len(tagged) < len(drawn):  # one stands in a footnote
            tagged = list(_find_tags(root.K, "/Table"))
        if len(drawn) != len(tagged):
            raise ValueError(f"{len(drawn)} tables were set and {len(tagged)} are tagged")
        heads: dict[str, pikepdf.Object] = {}
        for number, (table, tags) in enumerate(zip(drawn, tagged, strict=True), 1):
            heads |= _tag_table(table, tags, number)
        if heads:
            _add_ids(root, heads)
        _lengthen_streams(file)
        return _save(file)


def _list_tables(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the tables of a layout in the order in which they are read, those of footnotes too."""
    if isinstance(value, dict):
        kind = value.get("type")
        if kind in ("table", "text-table"):
            yield value
        value = [] if kind == "table" else list(value.values())  # no cell of it has a footnote
    if isinstance(value, list):
        for inner in value:
            yield from _list_tables(inner)


def _find_tags(node: Any, kind: str, closed: Collection[str] = ()) -> Iterator[Any]:
    """Yield the elements of a kind below a node, parents first, but none within ``closed``."""
    for child in _list_children(node):
        found = str(child.S)
        if found == kind:
            yield child
        if found not in closed and "/K" in child:
            yield from _find_tags(child.K, kind, closed)


def _list_children(node: Any) -> Iterator[Any]:
    for child in node if isinstance(node, pikepdf.Array) else [node]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child


def _tag_table(table: Mapping[str, Any], tags: Any, number: int) -> dict[str, Any]:
    """Name the headers of a table's rows and spell out its marks; return the headers by id."""
    wanted = list(_list_rows(table))
    rows = [list(_list_children(row.K)) for row in _find_tags(tags.K, "/TR", {"/TR", "/Caption"})]
    if [len(cells) for _, cells in wanted] != [len(row) for row in rows]:
        raise ValueError(f"the cells of table {number} are not tagged as they were set")
    found: dict[str, Any] = {}
    columns: list[str] = []  # the ids of what heads each column, the rows of a band, the row
    band: list[str] = []
    heads: dict[str, Any] = {}
    for place, ((kind, cells), row) in enumerate(zip(wanted, rows, strict=True)):
        pairs = list(zip(cells, row, strict=True))
        if kind == "header":
            columns = _head_columns(pairs, columns)
        elif kind == "group":
            band = [str(row[0].ID)]
            _refer(row[0], ())  # to the typesetter, all columns head it
        elif kind != "note":  # which says more of the row above, and has its headers
            named = [tag for cell, tag in pairs if cell.get("heads")]
            heads = {f"R{number}x{n}y{place}": tag for n, tag in enumerate(named)}
            found |= heads
        for cell, tag in pairs:
            if "column" in cell:
                above = columns[cell["column"] :][: cell["span"]]
                beside = () if cell.get("heads") else heads
                _refer(tag, dict.fromkeys([*above, *band, *beside]))
            _spell_mark(cell, tag, table)
    for identity, tag in found.items():
        _make_head(tag, identity)
    return found


def _head_columns(pairs: Sequence[tuple[_Cell, Any]], above: Sequence[str]) -> list[str]:
    """Return the id of what heads each column; the row of headers ``above`` heads this one."""
    found: list[str] = []
    for cell, tag in pairs:
        span = cell.get("span", 1)
        _refer(tag, dict.fromkeys(above[len(found) :][:span]))
        named = cell.get("mark", "") or cell.get("text", "a label of Markdown")
        found += [str(tag.ID) if named else ""] * span
    return found


def _list_rows(table: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[_Cell]]]:
    """Yield kind and cells of the rows as they are set: header, body, legend."""
    if table["type"] == "text-table":
        yield "header", [{} for _ in table["header"]]
        for row in table["rows"]:
            first = len(row) > 1 and bool(row[0])
            yield (
                "body",
                [{"heads": first and n == 0, "column": n, "span": 1} for n in range(len(row))],
            )
        return
    for cells in table["header"]:
        yield "header", cells
    for row in table["rows"]:
        yield row["kind"], row["cells"]
    if table["legend"]:
        yield "footer", [{}]


def _make_head(tag: Any, identity: str) -> None:
    tag.S, tag.ID = pikepdf.Name.TH, pikepdf.String(identity)
    _find_attributes(tag).Scope = pikepdf.Name.Row


def _refer(tag: Any, headers: Iterable[str]) -> None:
    """Say by which headers a cell is read out."""
    _find_attributes(tag).Headers = pikepdf.Array(
        [pikepdf.String(each) for each in headers if each]
    )


def _find_attributes(tag: Any) -> Any:
    """Return what a cell's tag says of its place in the table."""
    return next(found for found in tag.A if found.O == "/Table")


def _spell_mark(cell: _Cell, tag: Any, table: Mapping[str, Any]) -> None:
    """Say what a mark stands for, as an alternative: a copy and a search still find the mark."""
    mark = cell.get("mark", "")
    words = table["spoken"].get(mark, "") if mark else ""
    # Nothing is said twice where the cell itself already spells its mark out.
    if words and words not in cell["text"]:
        next(_find_tags(tag.K, "/Strong")).Alt = pikepdf.String(words)


def _add_ids(root: Any, heads: Mapping[str, Any]) -> None:
    if "/IDTree" not in root:  # no column is headed
        root.IDTree = pikepdf.Dictionary(Names=pikepdf.Array())
    known = pikepdf.NameTree(root.IDTree)
    for identity, tag in heads.items():
        known[identity] = tag


def _lengthen_streams(file: pikepdf.Pdf) -> None:
    """Put a line feed behind all streams whose last byte is a CR: no filter reads so far.

    ISO 32000-1, 7.3.8.1, wants an end of line before ``endstream``, which is LF here. A reader
    takes CR + LF for one end of line and finds the data a byte shorter than /Length says.
    """
    for stream in file.objects:
        if isinstance(stream, pikepdf.Stream) and (raw := stream.read_raw_bytes()).endswith(b"\r"):
            options: dict[str, Any] = {
                "filter": stream.get("/Filter"),
                "decode_parms": stream.get("/DecodeParms"),
            }
            stream.write(raw + b"\n", **options)


def _save(file: pikepdf.Pdf) -> bytes:
    """Return the file, small; the same for the same tags and pages."""
    modes = pikepdf.ObjectStreamMode
    for mode in (modes.generate, modes.disable):
        saved = io.BytesIO()
        file.save(saved, deterministic_id=True, fix_metadata_version=False, object_stream_mode=mode)
        # The streams that are made here are lengthened by nobody: one in 256 ends in a CR.
        if b"\r\nendstream" not in saved.getvalue():
            break
    return saved.getvalue()
