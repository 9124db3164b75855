"""Computed figures lie within the confidence interval of simulated ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from outage_simulation import Simulation
from random_plants import draw_plant

from netgraph.diversity.availability import find_availability
from netgraph.diversity.availability.structure import BY_HAND, segments_that_switch

SAMPLES = 40_000
#: Some hundred figures are compared: five standard errors are met by chance once in 10,000 runs.
SIGMAS = 5.0


@pytest.fixture(scope="module")
def often(only):
    """Rates so high that everything fails within few samples; `part` of them."""

    def make(part=1.0):
        rates = {
            "km": 400.0, "risk": 60.0, "device": 20.0, "device_hot_standby": 5.0, "room": 8.0,
            "building": 15.0, "site": 10.0, "structure": 12.0, "radio": 80.0, "cellular": 90.0,
            "satellite": 70.0,
        }  # fmt: skip
        scaled = {name: rate * part for name, rate in rates.items()}
        return only(repair_h=10.0, manual_switch_h=4.0, **scaled)

    return make


def complete_plant(seed):
    """A random plant without gaps, with and without switching points."""
    plan = draw_plant(2 * seed)
    for k, link in enumerate(plan.rows["links"]):
        link["protection"] = "sncp" if (seed + k) % 5 else None
    return plan


@pytest.mark.parametrize("seed", range(12))
def test_outages_agree_with_a_simulation(seed, often):
    audit, rates = complete_plant(seed).audit(), often()
    found = find_availability(audit, rates)
    dice = Simulation(audit, rates, seed, SAMPLES)
    switched = segments_that_switch(audit.network)
    compared = 0
    for unit in range(len(audit.units)):
        computed = found.units.minutes_year[unit] / 525_600
        if np.isnan(computed):
            continue
        down = 1 - dice.unit(unit, switched).mean()
        if found.units.is_bound[unit]:
            assert computed >= down - SIGMAS * _error(computed)
        else:
            assert computed == pytest.approx(down, abs=SIGMAS * _error(computed))
        compared += 1
    assert compared > 5


@pytest.mark.parametrize("seed", range(4))
def test_outages_of_sites_agree_with_a_simulation(seed, often):
    audit, rates = complete_plant(seed).audit(), often()
    found = find_availability(audit, rates)
    dice = Simulation(audit, rates, 100 + seed, SAMPLES)
    switched = segments_that_switch(audit.network)
    for row, place in enumerate(found.site_places):
        circuits = np.flatnonzero(audit.network.circuits.a == place)
        groups = set(audit.units.group_of_circuit[circuits].tolist())
        computed = found.sites.minutes_year[row] / 525_600
        if np.isnan(computed):
            continue
        is_up = np.logical_and.reduce([dice.unit(group, switched) for group in groups])
        slack = SIGMAS * _error(min(computed, 1.0))
        if found.sites.is_bound[row]:
            assert computed >= 1 - is_up.mean() - slack
        else:
            assert computed == pytest.approx(1 - is_up.mean(), abs=slack)


@pytest.mark.parametrize("seed", range(3))
def test_fault_frequencies_agree_with_a_simulation(seed, often):
    audit, rates = complete_plant(seed).audit(), often(0.2)
    found = find_availability(audit, rates)
    dice = Simulation(audit, rates, 200 + seed, 4_000)
    switched = segments_that_switch(audit.network)
    units = [u for u in range(len(audit.units)) if not np.isnan(found.units.faults_month[u])]
    by_hand = [u for u in units if u < len(found.switching) and found.switching[u] == BY_HAND]
    for unit in {*units[:3], *by_hand[:3], units[-1]}:
        if found.units.is_bound[unit]:
            continue
        simulated = dice.failures_a_year(lambda unit=unit: dice.unit(unit, switched))
        assert 12 * found.units.faults_month[unit] == pytest.approx(simulated, rel=0.1)


def _error(share):
    return math.sqrt(share * (1 - share) / SAMPLES) + 1 / SAMPLES
