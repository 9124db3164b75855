"""Names that come near one that nothing is called by, to be offered in its place."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def find_near_names(
    name: str, names: Iterable[str], most: int, *, cutoff: float = 0.5
) -> list[str]:
    """Find the names that are most like one, whatever the case of their letters.

    Of names that are equally like (`difflib.SequenceMatcher.ratio`) those come first that have
    more characters at the same place: a wrong character is more frequent than a shifted one. Then
    by name.

    Parameters
    ----------
    name
        What nothing is called by.
    names
        What there is.
    most
        Give no more than so many.
    cutoff
        From 0, whatever it is, to 1, the name itself.
    """
    wanted = name.lower()
    matcher = difflib.SequenceMatcher(b=wanted)
    found: dict[str, tuple[float, int, str]] = {}
    for known in names:
        word = known.lower()
        if word in found:
            continue
        matcher.set_seq1(word)
        # As `difflib.get_close_matches` does: bounds that are quick to find come first.
        if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < cutoff:
            continue
        if (likeness := matcher.ratio()) >= cutoff:
            n_in_place = sum(a == b for a, b in zip(word, wanted, strict=False))
            found[word] = -likeness, -n_in_place, known
    return [known for _, _, known in sorted(found.values())[:most]]
