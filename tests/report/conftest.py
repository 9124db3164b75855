from __future__ import annotations

import functools
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.font_manager import fontManager

from netgraph.report import fonts
from netgraph.report.maps import sheet as map_sheet


@pytest.fixture
def bundled_font_only(monkeypatch):
    """A machine on which no Chinese font is installed."""
    monkeypatch.delenv("NETGRAPH_FONT", raising=False)
    only = functools.partial(fonts.font_families, known=())
    monkeypatch.setattr(map_sheet, "font_families", only)


@pytest.fixture
def no_system_fonts(monkeypatch):
    """A machine with no font but those that come with matplotlib and netgraph."""
    monkeypatch.delenv("NETGRAPH_FONT", raising=False)
    families = fonts.font_families(["网"], known=())  # registers the one that netgraph ships
    own = (mpl.get_data_path(), str(Path(fonts.__file__).parent))
    kept = [font for font in fontManager.ttflist if font.fname.startswith(own)]
    assert set(families) <= {font.name for font in kept}
    monkeypatch.setattr(fontManager, "ttflist", kept)
    for cache in (fontManager._findfont_cached, fonts._characters_of):
        cache.cache_clear()
    yield
    for cache in (fontManager._findfont_cached, fonts._characters_of):
        cache.cache_clear()
