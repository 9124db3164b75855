"""Names that come near another."""

from __future__ import annotations

import difflib

from hypothesis import given
from hypothesis import strategies as st

from netgraph.near_names import find_near_names

WORDS = st.text("aA01-", max_size=6)
SITES = [f"S-{county:02}{number:02}" for county in range(1, 12) for number in range(1, 40)]


def test_a_wrong_character_is_offered_before_shifted_ones():
    assert find_near_names("S-02O1", SITES, 5)[0] == "S-0201"
    assert find_near_names("S-0901", SITES, 1) == ["S-0901"]
    assert find_near_names("s-1l07", SITES, 2) == ["S-1007", "S-1107"]


def test_nothing_is_offered_where_nothing_is_like_it():
    assert find_near_names("nowhere", SITES, 5) == []
    assert find_near_names("S-0101", [], 5) == []


@given(WORDS, st.lists(WORDS, max_size=12), st.integers(1, 4))
def test_what_is_offered_exists_and_nothing_that_is_left_out_is_more_like(word, names, most):
    near = find_near_names(word, names, most)

    def likeness(name: str) -> float:
        return difflib.SequenceMatcher(a=name.lower(), b=word.lower()).ratio()

    assert set(near) <= set(names)
    assert len({name.lower() for name in near}) == len(near) <= most
    likely = sorted((likeness(n) for n in {n.lower() for n in names}), reverse=True)
    assert [likeness(name) for name in near] == [x for x in likely if x >= 0.5][:most]
