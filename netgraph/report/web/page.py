"""Put the page together: one HTML file that asks nobody for anything.

A content-security policy in the page allows its own script and style by their hashes and nothing
else, so that a browser refuses every request, whatever a name in the data says.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from netgraph.report.web.data import page_data
from netgraph.report.web.words import page_words

if TYPE_CHECKING:
    from netgraph.report.web.model import PageModel
    from netgraph.report.web.pack import Json

#: The parts of the script, in order; they share one scope.
SCRIPTS = (
    "unpack.js", "store.js", "words.js", "network.js", "camera.js", "map.js", "moving.js",
    "works.js", "overlay.js", "virtual.js", "tables.js", "sheet.js", "charts.js",
    "filters.js", "main.js",
)  # fmt: skip
_SURROGATE = re.compile("[\ud800-\udfff]")


def render_page(model: PageModel) -> str:
    """Return the page as HTML; the same bytes for the same model.

    Parameters
    ----------
    model
        What the page shows. Its texts may hold anything: they are shown as text.

    Returns
    -------
    str
        One self-contained document.
    """
    script = "\n".join(['"use strict";(()=>{', *(_template(name) for name in SCRIPTS), "})();"])
    style = _template("page.css")
    lang = model.head.lang
    what = page_words()["title"][lang]
    data = page_data(model)
    title = f"{model.head.name} · {what}" if model.head.name else what
    filled = {
        "lang": "zh-CN" if lang == "zh" else "en",
        "title": escape(_printable(title)),
        "script_hash": _hash(script),
        "style_hash": _hash(style),
        "style": style,
        "data": data_block(data.first),
        "later": "\n".join(
            f'<script type="application/json" id="data-{name}">{data_block(block)}</script>'
            for name, block in data.later.items()
        ),
        "script": script,
    }
    # One pass, so that a name such as {{script}} in the data stays what it is.
    return re.sub(r"\{\{(\w+)\}\}", lambda match: filled[match[1]], _template("page.html"))


def render_frame(page: str, height_px: int = 760) -> str:
    """Return an iframe that holds a page, for a notebook cell.

    The frame may run the page's script and nothing else: it is no part of the notebook's origin.
    """
    return (
        f'<iframe srcdoc="{escape(page)}" sandbox="allow-scripts allow-modals"'
        f' style="width:100%;height:{height_px}px;border:1px solid #ced4da;border-radius:6px"'
        ' title="netgraph"></iframe>'
    )


@dataclass(frozen=True)
class HTML:
    """HTML that notebooks show."""

    text: str = field(repr=False)

    def __str__(self) -> str:
        """Return the HTML."""
        return self.text

    def _repr_html_(self) -> str:
        return self.text


def data_block(values: Json) -> str:
    """Return values as JSON that cannot end the element it stands in."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A lone surrogate (broken input) has no UTF-8: written as an escape it is valid JSON.
    return _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", text).replace("<", "\\u003c")


def _printable(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _template(name: str) -> str:
    return resources.files("netgraph.report.web").joinpath(name).read_text("utf-8")
