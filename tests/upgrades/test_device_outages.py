"""Outages with one work on equipment done, held to an assessment of each changed inventory."""

from __future__ import annotations

import random
import signal

import numpy as np
import pytest
from random_plants import draw_plant

from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.availability import load_rates
from netgraph.diversity.rules import load_rules
from netgraph.topology import build_network
from netgraph.upgrades import device_outages
from netgraph.upgrades.action import Action, Change, Kind
from netgraph.upgrades.apply import apply_actions
from netgraph.upgrades.device_outages import outages_with_device_works
from netgraph.upgrades.routed import outages_of
from netgraph.upgrades.stopping import heeding_interrupts

RATES, RULES = load_rates(), load_rules()
_SITES = ("S1", "S2", "S3")
_NEW_DEVICE = {"hot_standby": True, "protection_switching": True, "manageable": True}


def _audit(inventory):
    return audit_routes(build_network(inventory), RULES)


def _works(plan, draw):
    """One work a device and a link, each said to serve some of the sites."""
    changes = [Change("equipment", row["id"], _NEW_DEVICE) for row in plan.rows["equipment"]]
    changes += [Change("links", row["id"], {"protection": "sncp"}) for row in plan.rows["links"]]
    return [
        Action(
            f"W{number}", Kind.REPLACE_DEVICE, "", {}, 1.0,
            tuple(draw.sample(_SITES, draw.randint(1, 3))), changes=(change,),
        )
        for number, change in enumerate(changes)
    ]  # fmt: skip


def _drawn(seed):
    draw, plan = random.Random(seed), draw_plant(seed)
    for row in plan.rows["equipment"]:
        row["protection_switching"] = draw.choice([True, False, None])
    for row in plan.rows["links"]:
        row["protection"] = draw.choice(["none", "none", "msp_1p1", None])
    return plan.inventory(), _works(plan, draw)


@pytest.mark.parametrize("seed", range(0, 12, 2))
def test_each_work_gives_what_its_own_assessment_gives(seed):
    """Groups, segments, links with two legs, links on links, shared devices."""
    inventory, works = _drawn(seed)
    audit = _audit(inventory)
    places = audit.network.places.index
    as_it_is = outages_of(audit, RATES)

    found = outages_with_device_works(audit, RATES, works)

    for number, work in enumerate(works):
        after = outages_of(_audit(apply_actions(inventory, [work])), RATES)
        expected = {site: after.get(places.find(site), (np.nan, np.nan)) for site in work.sites}
        promised = found.get(
            number,
            {site: as_it_is.get(places.find(site), (np.nan, np.nan)) for site in work.sites},
        )
        for site in work.sites:
            assert promised[site] == pytest.approx(expected[site], rel=1e-12, nan_ok=True)


def test_works_that_meet_at_no_site_are_reckoned_together(monkeypatch):
    inventory, works = _drawn(2)
    passes = []
    monkeypatch.setattr(device_outages, "outages_of", lambda *a: passes.append(1) or outages_of(*a))

    found = outages_with_device_works(_audit(inventory), RATES, works)

    assert 1 < len(passes) < len(found)


def test_what_was_not_reckoned_when_somebody_asked_to_stop_is_not_known(monkeypatch):
    inventory, works = _drawn(2)

    def interrupted(*args):
        signal.raise_signal(signal.SIGINT)
        return outages_of(*args)

    monkeypatch.setattr(device_outages, "outages_of", interrupted)
    with heeding_interrupts():
        found = outages_with_device_works(_audit(inventory), RATES, works)

    figures = [pair for sites in found.values() for pair in sites.values()]
    is_unknown = np.isnan(figures).all(axis=1)
    assert is_unknown.any()
    assert not is_unknown.all()
