"""What libraries display for a screen, as MIME bundles → blocks, or a refusal with its remedy."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from nenpo.cells import join_text
from nenpo.content.display import Chart
from nenpo.errors import Words
from nenpo.export.blocks import Flow, Heading, Picture
from nenpo.export.reading.captions import Captions
from nenpo.export.reading.markdown import read_markdown
from nenpo.export.reading.pictures import Drawing, decode_image, read_image, read_svg
from nenpo.export.reading.unusable import Unusable

_IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
_REMEDIES = (
    (
        "plotly",
        Words(
            'matplotlib で描くか、画像にして Image(fig.to_image(), alt="説明") で表示すること。',
            'Draw it with matplotlib, or show an image: Image(fig.to_image(), alt="…").',
        ),
    ),
    (
        "widget",
        Words(
            "値を文・表・図で表示すること。tqdm.notebook は tqdm に替えること。",
            "Show the value as sentences, a table or a figure; use tqdm for tqdm.notebook.",
        ),
    ),
    (
        "latex",
        Words(
            "m²、CO₂ のような文字か、画像にすること。", "Write signs such as m², or show an image."
        ),
    ),
    (
        "image/",
        Words("PNG か SVG の画像にすること。", "Show it as a PNG or SVG image."),
    ),
    (
        "",
        Words(
            "表は DataFrame か Styler、文は display(Markdown(…))、図は matplotlib で表示すること。",
            "Show tables as DataFrame or Styler, text by display(Markdown(…)), draw by matplotlib.",
        ),
    ),
)


def read_rich(
    data: Mapping[str, Any],
    metadata: Mapping[str, Any],
    captions: Captions,
    opener: Callable[[str], Drawing],
    identity: str,
) -> Iterator[Heading | Flow]:
    """Yield what a MIME bundle shows that none of nenpo's own values made.

    Of an image, the alternative text stands in ``metadata``, as IPython's ``Image(…, alt="…")`` has
    it, or in a comment of the cell. ``opener`` and ``identity`` are those of ``read_markdown``.

    Raises Unusable for an image without alternative text, and for what no document can show.
    """
    if mime := next((mime for mime in _IMAGES if mime in data), None):
        yield _read_picture(mime, data[mime], metadata.get(mime) or metadata, captions)
    elif "text/markdown" in data:
        yield from read_markdown(join_text(data["text/markdown"]), opener, identity)
    else:
        kinds = sorted(mime for mime in data if mime != "text/plain")
        remedy = next(r for word, r in _REMEDIES if any(word in mime for mime in kinds))
        what = Words("{} の出力", "an output of type {}").fill(", ".join(kinds))
        raise Unusable(what, remedy)


def _read_picture(
    mime: str, content: Any, metadata: Mapping[str, Any], captions: Captions
) -> Picture:
    alt = captions.take("alt") or str(metadata.get("alt") or "")
    caption = captions.take("figure")
    if not alt.strip() and not caption:
        raise Unusable(
            Words("説明のない画像", "an image without alternative text"),
            Words(
                'Image(…, alt="説明") とするか、セルに「# 代替: 説明」の行を加えること。',
                "Use Image(…, alt=\"…\"), or add the line '# alt: …' to the cell.",
            ),
        )
    text = join_text(content)
    drawing = read_svg(text) if mime == "image/svg+xml" else read_image(decode_image(text))
    width, height = _choose_size(drawing, metadata)
    return Picture(drawing.svg, alt.strip() or caption, caption, width, height)


def _choose_size(drawing: Drawing, metadata: Mapping[str, Any]) -> tuple[float, float]:
    """Return the size that was asked for, else the image's own; one side gives the other."""
    sides = (metadata.get("width"), metadata.get("height"))
    width, height = (float(s) if isinstance(s, int | float) and s > 0 else 0.0 for s in sides)
    shape = drawing.height / drawing.width
    if width and height:
        return width, height
    if width or height:
        return width or height / shape, height or width * shape
    return drawing.width, drawing.height


def describe_chart(chart: Chart, captions: Captions) -> Chart:
    """Return a chart that only its drawing describes, with what the cell's comments say of it.

    A title of the drawing that is not in its caption stands behind it: it is drawn nowhere else.
    It stays undescribed if neither says anything.
    """
    caption, alt = captions.take("figure"), captions.take("alt")
    title = chart.caption
    if caption and title and title not in caption:
        caption = f"{caption}（{title}）"
    caption = caption or title
    told = alt or (f"{caption}。{chart.alt}" if caption else chart.alt)
    return replace(chart, caption=caption, alt=told, described=bool(caption or alt))
