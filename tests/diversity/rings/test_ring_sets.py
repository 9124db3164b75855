"""Ring systems, meetings, chains and parallel spans by hand."""

from __future__ import annotations

import numpy as np
import pytest
from builders import PlantBuilder

from netgraph.diversity.rings import audit_rings


def ring(plan, *names, system=None):
    """Offices of these names on a ring of links."""
    for name in names:
        if not plan.has("offices", name):
            plan.office(name)
    links = []
    for a, b in zip(names, (*names[1:], names[0]), strict=True):
        links.append(f"{a}{b}")
        plan.way(links[-1], f"{a} {a}-{b} {b}")
    return plan.ring(system, " ".join(links)) if system else plan


@pytest.fixture
def bow_tie():
    r"""Two rings of links that meet in the office V only.

    T       X
    | \   / |
    |   V   |
    | /   \ |
    U       Y
    """
    return ring(ring(PlantBuilder(), "T", "U", "V"), "V", "X", "Y")


def meetings(plan):
    audit = plan.audit()
    ids = audit.network.places.ids
    return [(str(ids[m.place]), m.systems, m.parts) for m in audit_rings(audit).meetings]


def test_rings_that_meet_in_one_node_are_found(bow_tie):
    assert meetings(bow_tie) == [("V", (), 2)]


def test_rings_that_meet_in_two_nodes_are_in_order(bow_tie):
    assert meetings(bow_tie.way("UY", "U uy Y")) == []


def test_ring_systems_that_meet_in_one_node_are_named():
    plan = ring(PlantBuilder(), "T", "U", "V", system="R1")
    ring(plan, "V", "X", "Y", system="R2")
    assert meetings(plan) == [("V", ("R1", "R2"), 2)]


def test_a_ring_that_meets_two_others_in_a_node_each_is_in_order_by_itself():
    plan = ring(PlantBuilder(), "T", "U", "V", system="R1")
    ring(plan, "V", "X", "Y", system="R2")
    ring(plan, "Y", "Z", "W", system="R3")
    assert meetings(plan) == [("V", ("R1",), 2), ("Y", ("R3",), 2)]


@pytest.mark.parametrize("system", ["R", None])
def test_a_ring_counts_its_nodes_with_a_system_or_without(system):
    plan = ring(PlantBuilder(), *(f"N{i}" for i in range(13)), system=system)
    (found,) = audit_rings(plan.audit()).rings
    assert (found.size, found.system) == (13, system or "")


def test_a_mesh_is_no_ring(bow_tie):
    rings = audit_rings(bow_tie.way("UY", "U uy Y").way("TX", "T tx X").audit()).rings
    assert rings == ()


@pytest.fixture
def spur():
    r"""A ring of three offices with a chain of three on it.

        A --- B
         \   / 
           C --- D --- E --- F
                  \
                   G
    """  # noqa: W291 - the drawing
    plan = ring(PlantBuilder(), "A", "B", "C")
    for name in "DEFG":
        plan.office(name, "access")
    for a, b in ("CD", "DE", "EF", "DG"):
        plan.way(a + b, f"{a} {a}-{b} {b}")
    return plan


def test_a_spur_is_one_chain_as_long_as_its_longest_arm(spur):
    audit = spur.audit()
    rings = audit_rings(audit)
    layer, chains = rings.layers["links"], rings.chains["links"]
    ids = audit.network.places.ids
    assert chains.hops.tolist() == [3]
    assert str(ids[layer.place[chains.hung_on[0]]]) == "C"
    assert str(ids[layer.place[chains.far_end[0]]]) == "F"
    assert np.count_nonzero(chains.of_node == 0) == 4
    assert layer.is_on_ring.mean() == pytest.approx(3 / 7)


def test_what_joins_two_rings_is_no_chain(spur):
    ring(spur, "F", "X", "Y")
    chains = audit_rings(spur.audit()).chains["links"]
    assert chains.hops.tolist() == [1]  # G alone


def test_a_network_without_a_ring_hangs_on_its_core_office():
    plan = PlantBuilder().office("E", "access").office("D", "access").office("K")
    plan.way("KD", "K k D").way("DE", "D d E")
    audit = plan.audit()
    rings = audit_rings(audit)
    layer, chains = rings.layers["links"], rings.chains["links"]
    assert chains.hops.tolist() == [2]
    assert str(audit.network.places.ids[layer.place[chains.hung_on[0]]]) == "K"
    assert not layer.is_on_ring.any()


@pytest.fixture
def parallel():
    """Two ducts between the manholes a and b, and a duct to each office.

    K -- a == b -- J
    """
    plan = PlantBuilder().office("K").office("J").site("A").structure("a").structure("b")
    plan.span("1", "K", "a").span("2", "a", "b").span("3", "a", "b").span("4", "b", "J")
    return plan.circuit("X", "A", "K", protection="none")


def spans_on_ring(plan):
    return int(np.count_nonzero(~audit_rings(plan.audit()).layers["spans"].is_bridge))


def test_parallel_spans_are_a_ring_only_if_they_are_shown_to_lie_apart(parallel):
    assert spans_on_ring(parallel) == 0
    parallel.change("spans", "2", trench_id="T")
    assert spans_on_ring(parallel) == 0
    parallel.change("spans", "3", trench_id="U")
    assert spans_on_ring(parallel) == 2
    parallel.change("spans", "3", trench_id="T")
    assert spans_on_ring(parallel) == 0


def test_what_is_not_in_service_closes_no_ring(bow_tie):
    audit = bow_tie.change("links", "TU", status="retired").audit()
    layer = audit_rings(audit).layers["links"]
    assert np.count_nonzero(layer.is_on_ring) == 3
