r"""What is tolerated at the entrance is not tolerated where the other route comes upon it again.

::

    A -20 m- E --- m1 --- K     link W of today: A E m1 K
             |\           |
             | m3 --------'     2 km of ducts: the second route that stands
             m2 --- O1          a short way to O1, whose link P to K passes the entrance again:
                                O1 m5 E m3 K
"""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.audit.run import audit_routes
from netgraph.topology import build_network
from netgraph.upgrades.apply import apply_actions
from netgraph.upgrades.line_works import propose_line_works
from netgraph.upgrades.prices import load_prices
from netgraph.upgrades.settings import load_settings
from netgraph.upgrades.site_units import recorded_level


def _plan(entrance_m: float) -> PlantBuilder:
    plan = PlantBuilder().office("K").office("O1", "access").site("A").structure("E", "entrance")
    plan.span("door", "A", "E", length_m=entrance_m)
    for place in ("K", "O1", "A"):
        plan.device(f"N-{place}", place)
    for name, a, b in (("e1", "E", "m1"), ("e2", "m1", "K"), ("p1", "O1", "m5"), ("p2", "m5", "E"),
                       ("p3", "E", "m3"), ("p4", "m3", "K"), ("s1", "E", "m2"),
                       ("s2", "m2", "O1")):  # fmt: skip
        for place in (a, b):
            if place[0] == "m" and not plan.has("structures", place):
                plan.structure(place)
        plan.span(name, a, b, length_m=1000.0 if name in {"p3", "p4"} else 100.0)
    plan.cable("CW", "A", "K", "door e1 e2", cores_used=24)
    plan.cable("CP", "O1", "K", "p1 p2 p3 p4", cores_used=24)
    plan.link("W", "N-A", "N-K", ["CW"]).link("P", "N-O1", "N-K", ["CP"])
    return plan.circuit("X", "A", "K", ["W"], tier="diamond")


def _level_with_works(plan: PlantBuilder) -> tuple[str, list[str]]:
    """Level of the site with the work on its line done, and the spans that get a new cable."""
    audit = plan.audit()
    place = audit.network.places.index.find("A")
    tiers = [""] * len(audit.network.places)
    tiers[place] = "diamond"
    achievable = find_achievable(audit, sites=[place])
    works = propose_line_works(
        audit, achievable, [place], load_prices(), load_settings(), tiers
    ).actions
    after = audit_routes(build_network(apply_actions(plan.inventory(), works)), audit.rules)
    spans = {
        str(row.values["span_id"]) for work in works for row in work.additions
        if row.table == "cable_spans"
    }  # fmt: skip
    return recorded_level(after, after.network.places.index.find("A")).value, sorted(spans)


def test_a_second_route_keeps_off_a_cable_that_passes_the_shared_entrance_again():
    level, spans = _level_with_works(_plan(20.0))
    assert level == "diverse"
    assert spans == ["door", "p3", "p4"]


def test_an_entrance_too_far_off_is_shared_whatever_is_laid():
    level, _ = _level_with_works(_plan(120.0))
    assert level == "same_trench"


@pytest.mark.parametrize("length_m", [49.0, 51.0])
def test_the_tolerance_decides(length_m):
    level, _ = _level_with_works(_plan(length_m))
    assert (level == "diverse") is (length_m <= 50.0)
