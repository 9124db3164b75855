"""A site's own circuits keep their cores on full cables; nobody else gets them."""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.diversity.achievable.find import find_achievable

FULL = {"cores_used": 24}


def _plan():
    """Two ways from S to K, the one over o full of the circuits of S; T hangs on n.

    ::

        S ==cs== m ==cm== K        all cables; cn is full
        S ==co== n ==cn== K
        T ==ct== n
    """
    plan = PlantBuilder().office("K").office("m").office("n").site("S").site("T")
    for name, a, b in (("s", "S", "m"), ("m", "m", "K"), ("o", "S", "n"), ("n", "n", "K"),
                       ("t", "T", "n")):  # fmt: skip
        plan.span(name, a, b, length_m=1000.0)
        plan.cable(f"c{name}", a, b, name, **(FULL if name == "n" else {}))
    plan.link("l1", "S", "K", ["cs", "cm"]).link("l2", "S", "K", ["co", "cn"])
    plan.link("l3", "T", "K", ["ct"])
    return plan.circuit("X", "S", "K", "l1", "l2").circuit("Y", "T", "K", "l3")


def _on_cables(plan, name):
    audit = plan.audit()
    found = find_achievable(audit, seconds=0)
    (answer,) = found.answers["cables"][audit.network.places.ids.tolist().index(name)]
    cables = audit.network.cables.ids
    return answer, [[str(cables[i]) for i in route] for route in answer.routes]


def test_a_site_keeps_its_own_cores_on_a_full_cable():
    answer, routes = _on_cables(_plan(), "S")

    assert answer.level == "diverse"
    assert sorted(routes) == [["co", "cn"], ["cs", "cm"]]


def test_another_site_does_not_get_them():
    answer, routes = _on_cables(_plan(), "T")

    assert not answer.is_connected
    assert routes == [[], []]


def test_a_full_cable_into_premises_serves_those_premises_alone():
    """The cable of S to m is full of its own circuits: no way for a circuit that ends at S."""
    plan = _plan()
    plan.change("cables", "cn", cores_used=4)
    plan.change("cables", "cs", **FULL)
    plan.link("l4", "T", "S", ["ct", "co"]).circuit("Z", "T", "S", "l4")

    audit = plan.audit()
    found = find_achievable(audit, seconds=0)
    ids = audit.network.places.ids.tolist()
    s, t = ids.index("S"), ids.index("T")
    (to_k,) = found.answers["cables"][s]
    assert to_k.level == "diverse"
    to_s = next(answer for answer in found.answers["cables"][t] if answer.b_ends == (s,))
    used = {str(audit.network.cables.ids[i]) for route in to_s.routes for i in route}
    assert used == {"ct", "co"}


@pytest.mark.parametrize(("spare", "level"), [(None, "undecidable"), (24, "same_cable")])
def test_a_missing_core_count_is_a_doubt_only_where_it_could_help(spare, level):
    """T has one cable to n; a second one between T and m, its cores not counted, could help."""
    plan = _plan()
    plan.change("cables", "cn", cores_used=4)
    plan.span("v", "T", "m", length_m=1000.0)
    plan.cable("cv", "T", "m", "v", cores_used=spare)

    answer, _ = _on_cables(plan, "T")

    assert answer.level == level


def test_own_cores_are_no_doubt_of_their_own():
    """S hangs on a full cable of its own alone: a proven fault, though cm is not counted."""
    plan = _plan()
    plan.rows["cables"] = [row for row in plan.rows["cables"] if row["id"] != "cs"]
    plan.rows["cable_spans"] = [r for r in plan.rows["cable_spans"] if r["cable_id"] != "cs"]
    plan.change("cables", "co", **FULL)
    plan.change("cables", "cm", cores_used=None)

    answer, _ = _on_cables(plan, "S")

    assert answer.is_connected
    assert answer.level == "same_cable"
