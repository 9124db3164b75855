"""False rings against plain removal, and by hand."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from builders import PlantBuilder
from random_plants import draw_plant

from netgraph.diversity.rings import audit_rings
from netgraph.diversity.rings.common_cuts import gather_cuts
from netgraph.diversity.rings.core_trees import CoreTrees
from netgraph.diversity.rings.false_rings import find_false_rings
from netgraph.diversity.rings.layers import build_layer
from netgraph.topology.elements import CABLE, SPAN, TRENCH

EVERYTHING = -1.0


def cuts_by_removal(audit, layer):
    """Element -> the parts into which its loss splits each core of the links."""
    elements = audit.network.elements
    found = {}
    for element in np.flatnonzero(np.isin(elements.kind, (CABLE, SPAN, TRENCH))):
        graph = nx.MultiGraph()
        graph.add_nodes_from(range(layer.n_nodes))
        for edge in np.flatnonzero(~layer.is_bridge):
            if element not in elements.of_link.row(int(layer.row[edge])):
                graph.add_edge(int(layer.u[edge]), int(layer.v[edge]))
        parts = {}
        for part in nx.connected_components(graph):
            parts.setdefault(int(layer.core[min(part)]), set()).add(tuple(sorted(part)))
        found[int(element)] = [split for split in parts.values() if len(split) > 1]
    return found


@pytest.mark.parametrize("seed", range(40))
def test_every_element_that_splits_a_ring_is_found_with_what_it_cuts_off(seed):
    audit = draw_plant(seed).audit()
    layer = build_layer(audit, "links")
    found = find_false_rings(audit.network, layer, EVERYTHING)
    by_element = {}
    for ring in found:
        for element in ring.elements:
            by_element.setdefault(element, set()).add(ring.nodes)
    for element, splits in cuts_by_removal(audit, layer).items():
        named = by_element.pop(element, set())
        for parts in splits:
            assert len(parts & named) == len(parts) - 1  # all but the one that is cut off from
        assert named <= set().union(*splits)
    assert not by_element


@pytest.mark.parametrize("seed", range(8))
def test_what_chance_makes_look_like_a_cut_is_drawn_again(seed, monkeypatch):
    audit = draw_plant(seed).audit()
    wanted = find_false_rings(audit.network, build_layer(audit, "links"), EVERYTHING)
    draw, seeds = CoreTrees.draw_vectors, []

    def alike_at_first(trees, number):
        seeds.append(number)
        vectors = draw(trees, number)
        return np.ones_like(vectors) if len(seeds) == 1 else vectors

    monkeypatch.setattr(CoreTrees, "draw_vectors", alike_at_first)
    found = find_false_rings(audit.network, build_layer(audit, "links"), EVERYTHING)
    assert found == wanted
    assert len(set(seeds)) == len(seeds) <= 2


@pytest.mark.parametrize("seed", range(20))
def test_every_false_ring_is_told_once_under_an_element_that_cuts_it(seed):
    audit = draw_plant(seed).audit()
    rings = find_false_rings(audit.network, build_layer(audit, "links"), EVERYTHING)
    cuts = gather_cuts(audit.network, rings)

    kind = audit.network.elements.kind
    told = [ring.nodes for cut in cuts for ring in cut.rings]
    assert sorted(told) == [ring.nodes for ring in rings]
    for cut in cuts:
        assert all({cut.element, *cut.also} <= set(ring.elements) for ring in cut.rings)
        has_cable = {bool((kind[list(ring.elements)] == CABLE).any()) for ring in cut.rings}
        assert has_cable == {kind[cut.element] == CABLE}
    # Whatever element cuts most of all rings of its sort leads.
    for sort in ({CABLE}, {SPAN, TRENCH}):
        mine = [cut for cut in cuts if kind[cut.element] in sort]
        told = [ring for cut in mine for ring in cut.rings]
        most = [
            sum(e in ring.elements for ring in told) for e in range(len(kind)) if kind[e] in sort
        ]
        assert [len(cut.rings) for cut in mine[:1]] == [max(most)] * bool(told)


def test_one_trench_under_two_rings_is_one_finding():
    r"""Two offices, each on a ring with K, whose links all leave K through one trench.

    ::

        A ==== t ==== K ==== t ==== B        A and B each have two links, in two cables
    """
    plan = PlantBuilder().office("K").office("A").office("B").structure("t")
    plan.span("k", "K", "t", length_m=300.0)
    for name in ("A", "B"):
        for way in ("1", "2"):
            key = f"{name}{way}"
            plan.structure(key)
            plan.span(f"{key}-a", "t", key, length_m=400.0)
            plan.span(f"{key}-b", key, name, length_m=400.0)
            plan.cable(key, "K", name, ["k", f"{key}-a", f"{key}-b"])
            plan.link(key, "K", name, [key])
    audit = plan.audit()
    (cut,) = audit_rings(audit).cuts
    assert audit.network.elements.ids[cut.element] == "k"
    assert len(cut.rings) == 2
    assert len(cut.nodes) == 2
    assert cut.length_m == pytest.approx(300.0)


@pytest.fixture
def ring_of_three():
    r"""Offices A, B, C on a ring of links, each link in a cable of its own.

           A
          / \
         x   y
        /     \
       B -- z -- C
    """
    plan = PlantBuilder().office("A").office("B").office("C").site("S")
    return plan.way("AB", "A x B").way("AC", "A y C").way("BC", "B z C")


def false_rings(plan):
    audit = plan.audit()
    rings = audit_rings(audit)
    place = rings.layers["links"].place
    ids = audit.network.places.ids
    return [
        (
            {str(ids[place[node]]) for node in ring.nodes},
            {str(audit.network.elements.ids[e]) for e in ring.elements},
            ring.length_m,
        )
        for ring in rings.false_rings
    ]


def test_a_ring_in_three_cables_is_no_false_one(ring_of_three):
    assert false_rings(ring_of_three) == []


def test_two_links_in_one_cable_make_a_false_ring(ring_of_three):
    """The link AC runs over B in the cable AB: that cable cuts A off."""
    plan = ring_of_three
    plan.rows["link_cables"] = [r for r in plan.rows["link_cables"] if r["link_id"] != "AC"]
    plan.add("link_cables", link_id="AC", seq=1, cable_id="AB")
    plan.add("link_cables", link_id="AC", seq=2, cable_id="BC")

    found = {frozenset(nodes): elements for nodes, elements, _ in false_rings(plan)}

    assert found == {
        frozenset("A"): {"AB", "AB-1", "AB-2"},
        frozenset("C"): {"BC", "BC-1", "BC-2"},
    }


def test_two_cables_in_one_duct_make_a_false_ring_and_the_duct_is_named(ring_of_three):
    """Cables AB and AC leave the office A in the duct AB-1, and part in the manhole x."""
    plan = ring_of_three.change("spans", "AC-2", from_id="x")
    for row in plan.rows["cable_spans"]:
        if row["span_id"] == "AC-1":
            row["span_id"] = "AB-1"

    assert false_rings(plan) == [({"A"}, {"AB-1"}, 500.0)]


def test_a_common_entrance_is_let_pass_within_the_tolerance(ring_of_three):
    plan = ring_of_three.change("spans", "AC-2", from_id="x").change("spans", "AB-1", length_m=50.0)
    for row in plan.rows["cable_spans"]:
        if row["span_id"] == "AC-1":
            row["span_id"] = "AB-1"

    assert false_rings(plan) == []


def test_two_ducts_in_one_trench_are_one_bridge(ring_of_three):
    ring_of_three.change("spans", "AB-1", trench_id="T").change("spans", "AC-1", trench_id="T")

    assert [elements for _, elements, _ in false_rings(ring_of_three)] == [{"T"}]


def test_two_links_of_a_site_in_one_cable_are_a_false_ring(ring_of_three):
    """Two systems over one access cable: parallel links, one cable."""
    plan = ring_of_three.way("SA", "S s A").link("SA2", "S", "A", "SA")

    assert false_rings(plan) == [({"S"}, {"SA", "SA-1", "SA-2"}, 1000.0)]


def test_a_link_with_two_legs_is_cut_only_by_what_both_share(ring_of_three):
    plan = ring_of_three
    plan.rows["link_cables"] = [r for r in plan.rows["link_cables"] if r["link_id"] != "AC"]
    plan.add("link_cables", link_id="AC", role="working", seq=1, cable_id="AC")
    plan.add("link_cables", link_id="AC", role="protect", seq=1, cable_id="AB")
    plan.add("link_cables", link_id="AC", role="protect", seq=2, cable_id="BC")

    assert false_rings(plan) == []
