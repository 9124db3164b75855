"""New cables side by side are one cable, but for routes that back each other up.

     b
    /
a--x--y--c      spans ax, xy, yc, xb
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraph.upgrades.hops import Hop, Strand
from netgraph.upgrades.shared_cables import SharedCables, most_links

_ENDS = {"ax": ("a", "x"), "xy": ("x", "y"), "yc": ("y", "c"), "xb": ("x", "b")}


def _hop(start: str, end: str, *spans: str) -> Hop:
    """Give a hop over new cable in some spans, in the direction of travel."""
    at, ends = start, []
    for span in spans:
        near, far = _ENDS[span] if _ENDS[span][0] == at else _ENDS[span][::-1]
        ends.append((near, far))
        at = far
    strand = Strand("", spans, start, end, tuple(ends))
    return Hop(start, end, (strand,)).in_order


def _laid(cables: SharedCables, *hops: Hop) -> dict[tuple[tuple[str, ...], int], int]:
    """Spans and number of each new cable, and how many links it carries."""
    return {
        (tuple(sorted(section.strand.spans)), section.number): section.n_links
        for hop in hops
        for section in cables.cut(hop, hop.strands[0])
    }


def test_what_two_links_have_in_common_is_laid_once_and_spliced_where_they_part() -> None:
    """a to c and a to b share the span between a and x."""
    far, near = _hop("a", "c", "ax", "xy", "yc"), _hop("b", "a", "xb", "ax")
    cables = SharedCables([far, near], [], most=36)
    assert _laid(cables, far, near) == {
        (("ax",), 0): 2, (("xy", "yc"), 0): 1, (("xb",), 0): 1,
    }  # fmt: skip


def test_routes_that_back_each_other_up_never_run_in_one_cable() -> None:
    """The tolerance at the entrance is for trenches: one cable for both would be one fault."""
    first, second = _hop("a", "c", "ax", "xy", "yc"), _hop("a", "b", "ax", "xb")
    cables = SharedCables([first, second], [(first, second)], most=36)
    at_site = {key: n for key, n in _laid(cables, first, second).items() if "ax" in key[0]}
    assert sorted(number for _, number in at_site) == [0, 1]
    assert set(at_site.values()) == {1}


def test_a_full_cable_takes_another_one_beside_it() -> None:
    """Three links, two to a cable."""
    hops = [_hop("a", "x", "ax"), _hop("a", "b", "ax", "xb"), _hop("a", "y", "ax", "xy")]
    laid = _laid(SharedCables(hops, [], most=2), *hops)
    assert sorted(n for (spans, _), n in laid.items() if "ax" in spans) == [1, 2]


@pytest.mark.parametrize(("cores", "each", "links"), [(96, 2, 36), (24, 2, 9), (2, 4, 1)])
def test_a_quarter_of_the_cores_stays_spare_and_one_link_always_fits(
    cores: int, each: int, links: int
) -> None:
    """Cores of a cable, cores of a link, links that it carries."""
    assert most_links(cores, each) == links


@given(
    st.lists(st.sampled_from(["ax", "ax xy", "ax xy yc", "ax xb"]), min_size=1, unique=True),
    st.integers(1, 3), st.data(),
)  # fmt: skip
def test_every_link_has_its_whole_way_and_no_cable_carries_too_many_or_two_kept_apart(
    ways: list[str], most: int, data: st.DataObject
) -> None:
    """Whatever is to be kept apart: the sections of a hop are its spans, in a row."""
    hops = [_hop("a", _ENDS[way.split()[-1]][1], *way.split()) for way in ways]
    pairs = [(one, other) for i, one in enumerate(hops) for other in hops[:i]]
    apart = data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    cables = SharedCables(hops, apart, most)
    carried: dict[tuple[str, int], list[Hop]] = {}
    for hop in hops:
        sections = cables.cut(hop, hop.strands[0])
        spans = [span for section in sections for span in section.strand.spans]
        assert sorted(spans) == sorted(hop.strands[0].spans)
        for section in sections:
            for span in section.strand.spans:
                carried.setdefault((span, section.number), []).append(hop)
    for together in carried.values():
        assert len(together) <= most
        assert not any(one in together and other in together for one, other in apart)
