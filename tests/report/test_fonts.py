from __future__ import annotations

import warnings
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from netgraph.messages import chinese_patterns
from netgraph.report import fonts, labels
from netgraph.report.fonts import BUNDLED_FAMILY, LATIN_FAMILY, MissingGlyphWarning, font_families

NOWHERE = ()  # no installed family is tried: what a machine without Chinese fonts has


@pytest.fixture(autouse=True)
def _no_choice_and_no_memory(monkeypatch):
    monkeypatch.delenv("NETGRAPH_FONT", raising=False)
    fonts._warn_once.cache_clear()


def every_label():
    return [
        labels.label(group, identifier, lang)
        for group in labels.groups()
        for identifier in labels.identifiers(group)
        for lang in ("zh", "en")
    ] + list(chinese_patterns().values())


def test_latin_text_needs_no_chinese_font():
    assert font_families(["Diamond −3.5 km"]) == [LATIN_FAMILY]


def test_the_bundled_font_draws_every_label_of_the_catalogue():
    families = font_families(every_label(), known=NOWHERE)
    assert families == [BUNDLED_FAMILY, LATIN_FAMILY]
    assert fonts.missing_characters("".join(every_label()), [BUNDLED_FAMILY]) == frozenset()


def test_the_bundled_font_has_all_of_gb_2312():
    characters = [
        bytes((row, cell)).decode("gb2312", "ignore")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
    ]
    assert len("".join(characters)) == 6763
    assert fonts.missing_characters("".join(characters), [BUNDLED_FAMILY]) == frozenset()


def test_the_bundled_font_is_small_and_comes_with_its_licence():
    folder = Path(fonts.__file__).parent / "fonts"
    assert (folder / fonts.BUNDLED_FILE).stat().st_size < 1_700_000
    licence = (folder / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in licence
    assert "Copyright 2014-2021 Adobe" in licence


def test_chinese_is_drawn_from_the_bundled_font_without_a_warning(tmp_path):
    families = font_families(["太原市 岢岚县 −3"], known=NOWHERE)
    figure = Figure(figsize=(2, 1))
    figure.text(0.1, 0.5, "太原市 岢岚县 −3", fontfamily=families)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(tmp_path / "t.pdf")
    assert b"netgraphSansSC" in (tmp_path / "t.pdf").read_bytes()


def test_an_installed_family_comes_before_the_bundled_one():
    # STIXGeneral, which comes with matplotlib, stands for a family that the user has installed.
    sign = min(fonts._characters("STIXGeneral") - fonts._characters(LATIN_FAMILY))
    assert font_families([sign], known=("No Such Family", "STIXGeneral"))[0] == "STIXGeneral"


def test_a_family_without_the_glyphs_is_passed_over():
    assert font_families(["太原"], known=("STIXGeneral",))[0] == BUNDLED_FAMILY


def test_the_user_may_name_a_font_file(monkeypatch):
    path = Path(fonts.__file__).parent / "fonts" / fonts.BUNDLED_FILE
    monkeypatch.setenv("NETGRAPH_FONT", str(path))
    assert font_families(["太原"])[0] == BUNDLED_FAMILY


def test_a_font_that_is_not_installed_is_named_in_a_warning(monkeypatch):
    monkeypatch.setenv("NETGRAPH_FONT", "No Such Family")
    with pytest.warns(MissingGlyphWarning, match="NETGRAPH_FONT=No Such Family is no font"):
        families = font_families(["太原"], known=NOWHERE)
    assert families[0] == BUNDLED_FAMILY


def test_a_missing_glyph_warns_once_and_says_what_to_do():
    with pytest.warns(MissingGlyphWarning, match="㐀 are in no font.*fonts-noto-cjk"):
        font_families(["太原㐀"], known=NOWHERE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        font_families(["太原㐀"], known=NOWHERE)


def test_what_no_font_has_is_drawn_as_a_box_on_one_line():
    families = [BUNDLED_FAMILY, LATIN_FAMILY]
    assert fonts.drawable("太原㐀\n\t分行", families) == "太原□ 分行"


def test_the_users_settings_stay_as_they_are():
    before = dict(mpl.rcParams)
    font_families(["太原"])
    assert dict(mpl.rcParams) == before


def test_the_apostrophe_of_a_latin_name_is_not_as_wide_as_an_ideograph():
    assert fonts.drawable("Xi’an ‘太原’", [BUNDLED_FAMILY, LATIN_FAMILY]) == "Xi'an ‘太原’"
