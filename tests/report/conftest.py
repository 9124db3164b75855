from __future__ import annotations

import functools

import pytest

from netgraph.report import fonts
from netgraph.report.maps import sheet as map_sheet


@pytest.fixture
def bundled_font_only(monkeypatch):
    """A machine on which no Chinese font is installed."""
    monkeypatch.delenv("NETGRAPH_FONT", raising=False)
    only = functools.partial(fonts.font_families, known=())
    monkeypatch.setattr(map_sheet, "font_families", only)
