"""Verdicts, positions and hazards kept as columns: values are made when they are asked for."""

from __future__ import annotations

import numpy as np
import pytest
from random_plants import draw_plant

from netgraph.diversity.audit.positions import locate_all, locate_shared
from netgraph.diversity.causes import gather_causes
from netgraph.diversity.hazard_runs import runs_of_located
from netgraph.diversity.hazards import find_hazards, severities_at
from netgraph.diversity.levels import SEVERITY_RANK
from netgraph.diversity.sharing.sums import sums_of_ranges
from netgraph.scoring import load_scorecard, tiers_of_places


@pytest.fixture(params=range(3))
def audit(request):
    """The audit of a random plant with records missing; everything in it is invented."""
    return draw_plant(request.param).audit()


def test_a_verdict_is_one_object_however_it_is_asked_for(audit):
    verdicts = audit.verdicts
    assert [v.unit for v in verdicts] == list(range(len(verdicts)))
    assert verdicts[-1] is verdicts[len(verdicts) - 1] is verdicts[:][-1]
    assert verdicts.is_complete.tolist() == [v.is_complete for v in verdicts]
    assert verdicts.has_missing.tolist() == [bool(v.missing) for v in verdicts]
    with pytest.raises(IndexError):
        verdicts[len(verdicts)]


def test_units_located_together_read_as_each_located_by_itself(audit):
    located = locate_all(audit, audit.verdicts)
    assert [locate_shared(audit, verdict) for verdict in audit.verdicts] == list(located)
    assert located[1:3] == (located[1], located[2])
    assert locate_all(audit, ()) == ()


def test_hazards_and_causes_are_the_same_from_columns_and_from_values(audit):
    tiers = tiers_of_places(audit, load_scorecard())
    located = locate_all(audit, audit.verdicts)
    units = sorted(set(audit.units.group_of_circuit.tolist()))
    hazards = find_hazards(audit, runs_of_located(located, units, {}), tiers)
    pairs = [(audit.verdicts[unit], located[unit]) for unit in units]
    assert hazards == find_hazards(audit, pairs, tiers)
    assert hazards[-1] == hazards[:][-1] == tuple(hazards)[-1]
    assert gather_causes(audit, hazards) == gather_causes(audit, tuple(hazards))
    site, severity = severities_at(hazards)
    assert site.tolist() == [hazard.site for hazard in hazards]
    assert severity.tolist() == [SEVERITY_RANK[hazard.severity] for hazard in hazards]


def test_sums_of_ranges_are_those_of_numpy_to_the_last_bit():
    random = np.random.default_rng(3)
    values = random.lognormal(0.0, 8.0, 2000)
    low = random.integers(0, 1000, 300)
    high = low + random.choice([0, 1, 2, 6, 7, 8, 9, 127, 128, 129, 900], 300)
    expected = [values[a:b].sum() for a, b in zip(low, high, strict=True)]
    assert sums_of_ranges(values, low, high).tolist() == expected
