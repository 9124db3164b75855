from __future__ import annotations

from dataclasses import replace

import pytest
from builders import PlantBuilder

from netgraph.diversity.availability import find_availability, load_rates


@pytest.fixture(scope="session")
def only():
    """Rates of nothing but what is named, four hours of repair everywhere, one to switch by hand.

    `km` is the rate per kilometre of every medium, `things` those of devices, buildings and so on.
    """

    def make(*, km=0.0, risk=0.0, repair_h=4.0, manual_switch_h=1.0, **things):
        shipped = load_rates()
        media = dict.fromkeys(shipped.access_per_km_year, km)
        hours = dict.fromkeys(shipped.repair_h["gold"], repair_h)
        return replace(
            shipped,
            access_per_km_year=media,
            backbone_per_km_year=media,
            per_year={**dict.fromkeys(shipped.per_year, 0.0), **things},
            per_risk_year={"other": risk},
            repair_h=dict.fromkeys(shipped.repair_h, hours),
            manual_switch_h=manual_switch_h,
        )

    return make


@pytest.fixture(scope="session")
def outage():
    """Share of time that a circuit is down; `of` names the circuit, or gives what is computed."""

    def find(plan, rates, circuit="X"):
        audit = plan.audit()
        found = find_availability(audit, rates)
        return found.units.minutes_year[audit.network.circuits.index.find(circuit)] / 525_600

    return find


@pytest.fixture
def lozenge():
    """Circuit X of site A to the core office K, both links protected, 1.5 km each way.

          w1 --- w2          link W = cable W = spans W-1 W-2 W-3, 500 m each
         /         \\
        A           K        links say that they are protected: the ends switch by themselves
         \\         /
          p1 --- p2          link P = cable P = spans P-1 P-2 P-3
    """
    plan = PlantBuilder().office("K").site("A")
    plan.way("W", "A w1 w2 K", protection="sncp").way("P", "A p1 p2 K", protection="sncp")
    return plan.circuit("X", "A", "K", "W", "P")


@pytest.fixture
def staged():
    """Circuit X to K in two segments that meet in the office J; only the first is protected.

          w
         / \\
        A   J --- K          links W, P (segment 1), then V (segment 2)
         \\ /
          p
    """
    plan = PlantBuilder().office("K").office("J", "access").site("A")
    plan.way("W", "A w J", protection="sncp").way("P", "A p J", protection="sncp")
    plan.way("V", "J v K")
    plan.circuit("X", "A", "K")
    plan.route("X", "working", "W", segment="1").route("X", "protect", "P", segment="1")
    return plan.route("X", "working", "V", segment="2")
