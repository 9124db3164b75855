"""Defects of circuits and their routes, put one by one into the diamond network."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netgraph.inventory.checks.chains import follow_chains


def test_a_circuit_in_service_without_a_working_route_isfound(diamond, found):
    diamond["circuit_links"] = {name: cells[1:] for name, cells in diamond["circuit_links"].items()}

    assert found(diamond) == [("ND927", "circuits", "X1")]

    diamond["circuits"]["status"] = ["planned"]
    assert found(diamond) == []


def test_a_claimed_protect_route_that_is_not_recorded_isfound(diamond, found):
    diamond["circuit_links"] = {name: cells[:1] for name, cells in diamond["circuit_links"].items()}
    assert found(diamond) == [("ND930", "circuits", "X1")]

    diamond["circuits"]["protection"] = ["ring"]
    assert found(diamond) == []


def test_a_route_that_misses_an_end_isfound(diamond, add_row, found, message):
    add_row(diamond["offices"], id="O2", name="b", role="access", lon=112.6, lat=37.8)
    diamond["links"]["to_id"][1] = "O2"

    assert found(diamond) == [("ND928", "circuits", "X1")]
    assert message(diamond, "ND928") == "the protect route does not lead from 'S1' to 'O1'"


def test_a_route_may_end_at_the_second_home(diamond, add_row, found):
    add_row(diamond["offices"], id="O2", name="b", role="core", lon=112.6, lat=37.8)
    diamond["links"]["to_id"][1] = "O2"
    diamond["circuits"]["b2_id"] = ["O2"]

    assert found(diamond) == []


def test_links_that_do_not_meet_arefound(diamond, add_row, found, message):
    """The protect route takes L2 from S1 to O1, and then L3 between two other offices."""
    add_row(diamond["offices"], id="O2", name="b", role="access", lon=112.6, lat=37.8)
    add_row(diamond["offices"], id="O3", name="c", role="access", lon=112.6, lat=37.9)
    add_row(diamond["links"], id="L3", from_id="O2", to_id="O3")
    diamond["circuit_links"] = {
        "circuit_id": ["X1"] * 3,
        "role": ["working", "protect", "protect"],
        "seq": [1, 1, 2],
        "link_id": ["L1", "L2", "L3"],
    }

    assert found(diamond) == [("ND928", "circuits", "X1")]
    assert message(diamond, "ND928") == "the links 'L2' and 'L3' of the protect route do not meet"


def test_segments_are_judged_each_by_itself(diamond, add_row, found):
    """Two segments: S1 to O2 over L3, O2 to O1 over L4; each meets itself, neither both ends."""
    add_row(diamond["offices"], id="O2", name="b", role="access", lon=112.51, lat=37.8)
    add_row(diamond["links"], id="L3", from_id="D1", to_id="O2")
    add_row(diamond["links"], id="L4", from_id="O2", to_id="T1")
    diamond["circuit_links"] = {
        "circuit_id": ["X1"] * 4,
        "role": ["working", "working", "protect", "protect"],
        "segment": ["1", "2", "1", "2"],
        "seq": [1, 1, 1, 1],
        "link_id": ["L3", "L4", "L1", "L2"],
    }

    assert found(diamond) == []


def test_a_protect_route_that_is_the_working_route_isfound(diamond, found):
    diamond["circuit_links"]["link_id"] = ["L1", "L1"]

    assert found(diamond) == [("ND929", "circuits", "X1")]


def test_a_tier_that_is_nowhere_isfound(diamond, found):
    diamond["circuits"]["tier"] = [None]
    assert found(diamond) == []

    diamond["sites"]["tier"] = [None]
    assert found(diamond) == [("ND935", "circuits", "X1")]


def test_a_site_whose_tier_is_not_the_highest_of_its_circuits_isfound(diamond, found, message):
    diamond["sites"]["tier"] = ["gold"]

    assert found(diamond) == [("ND935", "sites", "S1")]
    assert message(diamond, "ND935") == "tier is gold, but the highest of its circuits is diamond"


def test_a_group_of_circuits_of_two_sites_isfound(diamond, found):
    diamond["sites"] = {name: cells * 2 for name, cells in diamond["sites"].items()}
    diamond["sites"]["id"] = ["S1", "S2"]
    diamond["circuits"] = {name: cells * 2 for name, cells in diamond["circuits"].items()}
    diamond["circuits"] |= {"id": ["X1", "X2"], "group_id": ["G", "G"], "status": ["", "planned"]}
    assert found(diamond) == []

    diamond["circuits"]["a_id"] = ["S1", "S2"]
    assert found(diamond) == [("ND940", "circuits", "X1")]


def test_links_that_carry_each_other_arefound(diamond, found):
    diamond["link_links"] = {"link_id": ["L1", "L2"], "seq": [1, 1], "carrier_id": ["L2", "L1"]}
    assert found(diamond) == [("ND941", "links", "L1"), ("ND941", "links", "L2")]

    diamond["link_links"] = {"link_id": ["L1"], "seq": [1], "carrier_id": ["L2"]}
    assert found(diamond) == []

    diamond["link_links"] = {"link_id": ["L1"], "seq": [1], "carrier_id": ["L1"]}
    assert found(diamond) == [("ND941", "links", "L1")]


@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=6)))
def test_chains_are_followed_as_by_trying_every_direction(chains):
    starts = np.cumsum([0, *map(len, chains)])
    if len(chains) == 0:
        return
    near, far = np.array([pair for chain in chains for pair in chain]).T

    result = follow_chains(starts, near, far)

    for place, chain in enumerate(chains):
        ways = [way for way in (_walk(chain, 0), _walk(chain, 1)) if way]
        assert (result.broken_at[place] < 0) == bool(ways)
        ends = zip(result.first[:, place], result.last[:, place], strict=True)
        assert sorted(way for way in ends if way[0] >= 0) == sorted(ways)


def _walk(chain, turned):
    """Walk a chain from one end of its first stretch; its two ends, or None."""
    first, at = chain[0][::-1] if turned else chain[0]
    for one, other in chain[1:]:
        if at not in {one, other}:
            return None
        at = other if at == one else one
    return first, at
