"""What makes a network worse never makes a figure better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_plants import draw_plant

from netgraph.diversity.availability import find_availability, load_rates

RATES = load_rates()
SLACK = 1e-9


def minutes(plan, rates=RATES):
    return find_availability(plan.audit(), rates).units.minutes_year


def no_better(before, after, slack=SLACK):
    """Unknown stays unknown or is no matter; a figure never falls."""
    known = ~np.isnan(before) & ~np.isnan(after)
    assert (after[known] >= before[known] * (1 - slack) - slack).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_one_more_shared_risk_never_lowers_an_outage(seed, first, second):
    plan = draw_plant(seed)
    before = minutes(plan)
    spans = plan.rows["spans"]
    names = {f"spans:{spans[k % len(spans)]['id']}" for k in (first, second)}
    plan.risk("more", *sorted(names))

    no_better(before, minutes(plan))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_two_spans_in_one_trench_never_lower_the_outage_of_a_pair_of_routes(seed, one, other):
    """A way over both spans, in a row, may gain: a trench is dug up once. Diverse routes lose.

    The minutes until somebody switches by hand are reckoned to first order: products of
    unavailabilities, here below a millionth, may fall either way. Every span begins in a trench of
    its own, so that nothing is suspected to lie together.
    """
    plan = draw_plant(seed)
    spans = plan.rows["spans"]
    for span in spans:
        span["trench_id"] = f"T-{span['id']}"
    first, second = spans[one % len(spans)], spans[other % len(spans)]
    if first is second:
        return
    audit = plan.audit()
    if audit.network.links.legs.counts.max() > 1:
        return  # what only one leg runs over is not in the sets below
    before = minutes(plan)
    start = audit.network.elements.offset["spans"]
    number = {span["id"]: start + i for i, span in enumerate(spans)}
    first["trench_id"] = second["trench_id"] = "one"
    after = minutes(plan)
    both = {number[first["id"]], number[second["id"]]}
    routes, of_link = audit.network.circuits.routes, audit.network.elements.of_link
    for unit in range(len(audit.units)):
        touched = [
            {e for link in routes.links.row(int(r)) for e in of_link.row(link).tolist()} & both
            for r in audit.units.routes.row(unit)
        ]
        members = audit.units.circuits.row(unit)
        is_one_stretch = (audit.network.circuits.segments.counts[members] == 1).all()
        if is_one_stretch and all(len(elements) < 2 for elements in touched):
            no_better(before[unit : unit + 1], after[unit : unit + 1], slack=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_higher_rates_and_longer_repair_never_lower_an_outage(seed):
    plan = draw_plant(seed)
    before = minutes(plan)
    for name in RATES.per_year:
        no_better(before, minutes(plan, _more(name)))
    longer = {t: {s: 2 * h for s, h in hours.items()} for t, hours in RATES.repair_h.items()}
    no_better(before, minutes(plan, replace(RATES, repair_h=longer)))
    no_better(before, minutes(plan, replace(RATES, manual_switch_h=3.0)))


def _more(name):
    return replace(RATES, per_year={**RATES.per_year, name: RATES.per_year[name] * 3 + 1})


@pytest.mark.parametrize("seed", range(8))
def test_losing_a_record_never_lowers_an_outage(seed):
    """Switching that is no longer recorded, hot standby that is no longer known."""
    plan = draw_plant(seed)
    for link in plan.rows["links"]:
        link["protection"] = "sncp"
    before = minutes(plan)
    for table, column in (("links", "protection"), ("equipment", "hot_standby")):
        for row in plan.rows.get(table, ()):
            row[column] = None
    no_better(before, minutes(plan))


@pytest.mark.parametrize("seed", range(8))
def test_a_figure_is_a_share_of_a_year_and_what_is_shared_is_part_of_it(seed):
    audit = draw_plant(seed).audit()
    found = find_availability(audit, RATES)
    for rows in (found.units, found.sites):
        known = ~np.isnan(rows.minutes_year)
        assert (rows.minutes_year[known] >= 0).all()
        assert (rows.minutes_year[known] <= 525_600).all()
        assert (rows.shared_minutes_year[known] <= rows.minutes_year[known] * (1 + 1e-9)).all()
        assert known.tolist() == [row not in rows.missing for row in range(len(rows))]


@pytest.mark.parametrize("seed", range(6))
def test_a_group_is_no_worse_than_any_of_its_circuits(seed):
    audit = draw_plant(2 * seed).audit()
    found = find_availability(audit, RATES).units
    for unit in range(len(audit.network.circuits), len(audit.units)):
        of_circuits = found.minutes_year[audit.units.circuits.row(unit)]
        assert found.minutes_year[unit] <= np.nanmax(of_circuits) * (1 + SLACK) or np.isnan(
            found.minutes_year[unit]
        )


def test_a_circuit_without_complete_records_has_no_figure():
    for seed in range(1, 20, 2):
        audit = draw_plant(seed).audit()
        found = find_availability(audit, RATES).units
        for unit, verdict in enumerate(audit.verdicts):
            if verdict.missing:
                assert np.isnan(found.minutes_year[unit])
                assert set(verdict.missing) <= set(found.missing[unit])
