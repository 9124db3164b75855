"""New cables that run side by side are one cable: cut so that every stretch is laid once.

Where the links that a stretch would carry change, one leaves or one joins, the cable is spliced. A
cable holds so many links; more of them take another cable beside it.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from netgraph.upgrades.hops import Strand

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from netgraph.upgrades.hops import Hop

#: Share of the cores of a new cable that is given away [D]; the rest stays spare.
_FILLED = 0.75


def most_links(cores: int, cores_per_link: int) -> int:
    """Tell how many links one new cable carries; one at least."""
    return max(int(_FILLED * cores) // cores_per_link, 1)


class Section(NamedTuple):
    """One stretch of new cable, how many links it carries, which of several side by side it is."""

    strand: Strand
    n_links: int
    number: int


class SharedCables:
    """Knows which links want a new cable in each span.

    Parameters
    ----------
    hops
        Hops that links are made of, each written in order; equal ones are one link.
    apart
        Pairs of hops that must not run in one cable: parts of routes that back each other up.
    most
        Links that one cable carries.
    """

    def __init__(self, hops: Iterable[Hop], apart: Iterable[tuple[Hop, Hop]], most: int) -> None:
        off: dict[Hop, set[Hop]] = {}
        for one, other in apart:
            off.setdefault(one, set()).add(other)
            off.setdefault(other, set()).add(one)
        self._cables: dict[str, list[tuple[Hop, ...]]] = {}
        distinct = dict.fromkeys(hops)
        for hop in sorted(distinct, key=lambda h: (h.from_end, h.to_end, str(h.strands))):
            for span in dict.fromkeys(span for strand in hop.strands for span in strand.spans):
                _put(hop, self._cables.setdefault(span, []), off.get(hop, frozenset()), most)

    def cut(self, hop: Hop, strand: Strand) -> list[Section]:
        """Cut the new cable of a strand into stretches with the same links, in their order."""
        steps = [
            (*self._company(hop, span), span, ends)
            for span, ends in zip(strand.spans, strand.span_ends, strict=True)
        ]
        sections = []
        for (number, links), run in groupby(steps, key=lambda step: (step[0], step[1])):
            parts = list(run)
            spans = tuple(span for _, _, span, _ in parts)
            ends = tuple(ends for *_, ends in parts)
            part = Strand("", spans, ends[0][0], ends[-1][1], ends)
            lesser = min(part, part.turned, key=lambda p: (p.entry, p.exit_, p.spans))
            sections.append(Section(lesser, len(links), number))
        return sections

    def _company(self, hop: Hop, span: str) -> tuple[int, tuple[Hop, ...]]:
        """Find which cable of a span carries a hop, and all that it carries."""
        return next((n, one) for n, one in enumerate(self._cables[span]) if hop in one)


def _put(hop: Hop, cables: list[tuple[Hop, ...]], off: AbstractSet[Hop], most: int) -> None:
    """Put a hop into the first cable with room that carries nothing it must keep off."""
    for number, carried in enumerate(cables):
        if len(carried) < most and off.isdisjoint(carried):
            cables[number] = (*carried, hop)
            return
    cables.append((hop,))
