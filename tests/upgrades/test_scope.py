"""A plan for some sites is made on their circuits only, and says what the whole inventory says."""

from __future__ import annotations

import pytest
from workshop import workshop

import netgraph as ng
from netgraph.assessment.planning.scope import narrow_scope
from netgraph.upgrades.site_units import recorded_level


@pytest.fixture(scope="module")
def assessment():
    return ng.assess(workshop().inventory())


def test_sites_alone_are_judged_as_in_the_whole_inventory(assessment):
    every = sorted(assessment.scores.by_place)
    for places in (every[:1], every[1:3], every):
        scope = narrow_scope(assessment, places)

        assert scope.audit.network.elements.ids.tolist() == (
            assessment.network.elements.ids.tolist()
        )
        for place in places:
            assert recorded_level(scope.audit, place) == recorded_level(assessment.audit, place)
            assert scope.scores.by_place[place] == assessment.scores.by_place[place]
            assert scope.achievable.by_place[place] == assessment.achievable.by_place[place]


def test_a_plan_for_some_sites_is_that_of_their_assessment(assessment):
    ids = assessment.network.places.ids
    sites = tuple(str(ids[place]) for place in sorted(assessment.scores.by_place)[:2])
    options = ng.UpgradeOptions(sites=sites, frontier_points=0)

    fresh = ng.plan_upgrades(workshop().inventory(), options)
    known = ng.plan_upgrades(assessment, options)

    assert fresh.mismatches == known.mismatches == ()
    assert fresh.rows("upgrades") == known.rows("upgrades")
    assert fresh.rows("equipment_works") == known.rows("equipment_works")
    assert fresh.chosen
