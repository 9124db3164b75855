"""The audit against the same rule told in plain sets, on random inventories."""

from __future__ import annotations

import collections

import pytest
from audit_oracle import opinions
from builders import named
from random_plants import aged, draw_plant

from netgraph.diversity.levels import PROVEN_FAULTS


def compare(plan):
    """Every difference between the audit and the oracle; the levels that occurred."""
    audit = plan.audit()
    circuits = audit.network.circuits
    wanted = opinions(plan.rows)
    differences, levels = [], collections.Counter()
    for name, opinion in wanted.items():
        if isinstance(name, tuple):
            place = audit.network.places.index.find(name[1])
            (unit,) = (
                v for v in audit.verdicts[len(circuits) :]
                if v.name == name[0] and circuits.a[v.circuits[0]] == place
            )  # fmt: skip
        else:
            unit = audit.of_circuit(circuits.index.find(name))
        seen = (unit.level.value, unit.logical_diverse, unit.plant_diverse, unit.physical_diverse)
        said = (opinion.level, opinion.logical, opinion.plant, opinion.physical)
        if unit.level in PROVEN_FAULTS:
            seen, said = (*seen, unit.is_complete), (*said, opinion.is_complete)
        sets = named(audit, unit.shared), named(audit, unit.tolerated)
        if seen != said or sets != (opinion.shared, opinion.tolerated):
            differences.append((name, seen, said, sets, (opinion.shared, opinion.tolerated)))
        levels[unit.level.value] += 1
    return differences, levels


@pytest.mark.parametrize("seed", range(50))
def test_every_verdict_is_the_one_that_plain_sets_give(seed):
    differences, _ = compare(draw_plant(seed))
    assert not differences


@pytest.mark.parametrize("seed", range(16))
def test_what_is_retired_or_planned_carries_no_route(seed):
    """Where a route over something that is not in service runs today, nobody knows."""
    differences, _ = compare(aged(draw_plant(seed), seed))
    assert not differences


@pytest.mark.parametrize("seed", range(16))
def test_what_is_lost_of_a_group_may_lie_on_a_route_and_what_is_known_of_it_in_a_gap(seed):
    plan = draw_plant(seed)
    plan.add("risk_members", risk_id=f"r{seed % 3}", table="spans", element_id="gone")
    differences, _ = compare(plan)
    assert not differences
