"""Choose fonts that can draw the labels of a figure, Chinese ones above all.

Order: the environment variable NETGRAPH_FONT (a family or a font file), the first installed family
of a known list, the subset font that netgraph ships. DejaVu Sans, which comes with matplotlib,
stands last and draws what a Chinese family lacks, such as the minus sign in some of them.
The user's rcParams are never touched: families are set on each text.
"""

from __future__ import annotations

import functools
import os
import re
import warnings
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib import font_manager

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LATIN_FAMILY = "DejaVu Sans"
BUNDLED_FAMILY = "netgraph Sans SC"
BUNDLED_FILE = "netgraph-sans-sc.otf"
FONT_VARIABLE = "NETGRAPH_FONT"
KNOWN_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
)
MOST_CHARACTERS = 48  # of a name on a map
# Chinese fonts draw the curly apostrophe as wide as an ideograph: Xi’an falls apart.
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])\u2019(?=[A-Za-z])")
REPLACEMENT = "□"  # drawn for a character that no font has; DejaVu Sans has it


class MissingGlyphWarning(UserWarning):
    """Some characters of the labels are in no font at hand; they are drawn as empty boxes."""


def font_families(texts: Iterable[str], *, known: Sequence[str] = KNOWN_FAMILIES) -> list[str]:
    """Return the families to draw texts with, best first; matplotlib falls back glyph by glyph.

    Parameters
    ----------
    texts
        All labels of a figure.
    known
        Installed families to try, in order, before the bundled one.

    Returns
    -------
    list of str
        One family that has every character if there is one, else the one with the most; then
        the bundled one where it helps; DejaVu Sans last.

    Warns
    -----
    MissingGlyphWarning
        Once for each set of characters that none of them has.
    """
    needed = frozenset("".join(texts)) - _control_characters()
    if needed <= _characters(LATIN_FAMILY):
        return [LATIN_FAMILY]
    candidates = [*_chosen_by_user(), *known, _bundled()]
    wanted = needed - _characters(LATIN_FAMILY)
    missing = {family: len(wanted - _characters(family)) for family in candidates}
    best = min(candidates, key=missing.__getitem__)  # the first of equals
    families = [best, LATIN_FAMILY]
    if wanted & _characters(BUNDLED_FAMILY) - _characters(best):
        families.insert(1, BUNDLED_FAMILY)
    lacking = missing_characters(needed, families)
    if lacking:
        _warn_once("".join(sorted(lacking)))
    return families


def missing_characters(characters: Iterable[str], families: Sequence[str]) -> frozenset[str]:
    """Return the characters that none of the families has."""
    had = frozenset[str]().union(*(_characters(family) for family in families))
    return frozenset(characters) - had - _control_characters()


def drawable(text: str, families: Sequence[str], most: int = MOST_CHARACTERS) -> str:
    """Return a text that can be drawn: one line, not too long, boxes for what the fonts lack."""
    line = _APOSTROPHE.sub("'", " ".join(text.split()))
    if len(line) > most:
        line = line[: most - 1] + "…"
    lacking = missing_characters(line, families)
    return "".join(REPLACEMENT if character in lacking else character for character in line)


def _chosen_by_user() -> list[str]:
    """Return the family that NETGRAPH_FONT names, if any; a font file is registered first."""
    choice = os.environ.get(FONT_VARIABLE, "").strip()
    if not choice:
        return []
    if Path(choice).is_file():
        return [_register(choice)]
    if not _characters(choice):
        _warn_once(f"{FONT_VARIABLE}={choice}", "is no font that is installed")
        return []
    return [choice]


def _bundled() -> str:
    """Register the subset font that netgraph ships and return its family."""
    with resources.as_file(resources.files("netgraph.report") / "fonts" / BUNDLED_FILE) as path:
        return _register(str(path))


@functools.cache
def _register(path: str) -> str:
    """Make a font file known to matplotlib and return its family.

    It serves for bold letters too: matplotlib would say for each of them that there are none.
    """
    manager = font_manager.fontManager
    manager.addfont(path)
    manager.ttflist.append(replace(manager.ttflist[-1], weight="bold"))
    return font_manager.get_font(path).family_name


def _characters(family: str) -> frozenset[str]:
    """Return the characters that a family can draw; none if it is not installed."""
    if family == BUNDLED_FAMILY:
        _bundled()
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    return _characters_of(family) if family in installed else frozenset()


@functools.cache
def _characters_of(family: str) -> frozenset[str]:
    found = font_manager.findfont(
        font_manager.FontProperties(family=[family]), fallback_to_default=False
    )
    return frozenset(map(chr, font_manager.get_font(found).get_charmap()))


def _control_characters() -> frozenset[str]:
    return frozenset(map(chr, (*range(0x20), 0x7F)))


@functools.cache
def _warn_once(
    what: str, trouble: str = "are in no font at hand and are drawn as empty boxes"
) -> None:
    warnings.warn(
        f"{what} {trouble}; install a Chinese font (apt-get install fonts-noto-cjk) or set "
        f"{FONT_VARIABLE} to a font file",
        MissingGlyphWarning,
        stacklevel=4,
    )
