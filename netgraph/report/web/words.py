"""Words of the page itself, in both languages: `words.csv` (id, zh, en)."""

from __future__ import annotations

import csv
import functools
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.report.labels import Language


@functools.cache
def page_words() -> Mapping[str, Mapping[Language, str]]:
    """Return every phrase of the page by id and language."""
    text = resources.files("netgraph.report.web").joinpath("words.csv").read_text("utf-8")
    return {
        row["id"]: {"zh": row["zh"], "en": row["en"]} for row in csv.DictReader(text.splitlines())
    }
