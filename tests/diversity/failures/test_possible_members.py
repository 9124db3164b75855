"""What may belong to a group, for all that is recorded: never counted as hit, nor as spared."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from random_plants import draw_plant

from netgraph.diversity.failures import build_catalogue, find_double_failures, find_single_failures
from netgraph.diversity.rules import load_rules
from netgraph.inventory.model import POSSIBLE

from .failure_oracle import DOWN, Oracle
from .test_geography import area, layer, plan, row_of, simulate

__all__ = ["plan"]


def with_doubts(seed):
    """A random plant with every group half in doubt; rows without the doubtful, and with all."""
    drawn, draw = draw_plant(seed), np.random.default_rng(seed)
    spans = [row["id"] for row in drawn.rows["spans"]]
    for row in drawn.rows["risk_groups"]:
        drawn.add("risk_members", risk_id=row["id"], table="spans",
                  element_id=spans[draw.integers(len(spans))])  # fmt: skip
    narrow, wide = copy.deepcopy(drawn.rows), copy.deepcopy(drawn.rows)
    is_certain = draw.random(len(drawn.rows["risk_members"])) < 0.5
    listed = {}
    for row, certain in zip(drawn.rows["risk_members"], is_certain, strict=True):
        row["membership"] = "" if certain else POSSIBLE
        key = (row["risk_id"], row["table"], row["element_id"])
        listed[key] = listed.get(key, False) or certain
    narrow["risk_members"] = [
        row for row in narrow["risk_members"]
        if listed[row["risk_id"], row["table"], row["element_id"]]
    ]  # fmt: skip
    return drawn, Oracle(narrow), Oracle(wide)


@pytest.mark.parametrize("seed", range(25))
def test_what_only_doubtful_members_take_down_is_undecidable_as_in_plain_sets(seed):
    drawn, narrow, wide = with_doubts(seed)
    singles = find_single_failures(build_catalogue(drawn.network(), load_rules()))
    ids = singles.catalogue.ids.tolist()
    seen = 0
    for name, failed in wide.risks.items():
        if not name.startswith("risk_groups:"):
            continue
        certain = narrow.risks.get(name, set())
        down = {c for c, circuit in narrow.circuits.items()
                if narrow.state(circuit, certain)[0] == DOWN}  # fmt: skip
        at_most = {c for c, circuit in wide.circuits.items() if wide.state(circuit, failed)[1]}
        risk = ids.index(name)
        number = singles.class_of_risk[risk]
        found = 0 if number < 0 else int(singles.circuits_down[number])
        assert (found, int(singles.circuits_undecidable[risk])) == (
            len(down),
            len(at_most - down),
        ), name
        hit = any(
            wide.is_route_down(route, failed)
            for circuit in wide.circuits.values() for segment in circuit.segments
            for route in segment
        )  # fmt: skip
        assert (number >= 0) == hit, "what may hit a route is listed"
        seen += 1
    assert seen


def test_doubtful_members_change_no_double_failure():
    drawn, narrow, _ = with_doubts(3)
    singles = find_single_failures(build_catalogue(drawn.network(), load_rules()))
    pairs = find_double_failures(singles, threshold=1)
    ids = singles.catalogue.ids.tolist()
    risk_of_class = dict(zip(singles.class_of_risk.tolist(), ids, strict=True))
    for first, second, extra in zip(
        pairs.first, pairs.second, pairs.extra_circuits_down, strict=True
    ):
        two = risk_of_class[int(first)], risk_of_class[int(second)]
        alone = narrow.down(two[0]) | narrow.down(two[1])
        assert len(narrow.down(*two) - alone) == extra


def test_an_area_that_only_an_undrawn_span_may_reach_is_listed_and_undecidable(tmp_path, plan):
    """Nothing else lies in the area; the other route runs through it, too."""
    plan.change("spans", "Q-2", geometry=None)
    catalogue, singles = simulate(plan, layer(tmp_path, area(1.9, -3.2, 2.1, -2.2), id=["dip"]))
    assert row_of(catalogue, singles, "risk_groups:hazard-dip") == (set(), 0, 0, 0)
    risk = catalogue.ids.tolist().index("risk_groups:hazard-dip")
    assert catalogue.possible_members(risk) == ("spans:Q-2",)
    assert singles.class_of_risk[risk] >= 0, "it is listed: one route may be hit"
    both = layer(tmp_path, area(1.9, -3.2, 2.1, 3), id=["both"], file="both.gpkg")
    catalogue, singles = simulate(plan, both)
    assert row_of(catalogue, singles, "risk_groups:hazard-both") == ({"spans:N-2"}, 0, 1, 1)


@pytest.mark.parametrize(("length_m", "undecidable"), [(1_800.0, 0), (12_000.0, 1), (None, 0)])
def test_an_area_beyond_the_reach_of_an_undrawn_span_is_decided(
    tmp_path, plan, length_m, undecidable
):
    """Q-2 is 1.8 km from end to end; the area lies 4.3 km north; with no length 5.4 km at most."""
    plan.change("spans", "Q-2", geometry=None, length_m=length_m)
    catalogue, singles = simulate(plan, layer(tmp_path, area(1.5, 1.9, 2.5, 3), id=["north"]))
    found = row_of(catalogue, singles, "risk_groups:hazard-north")
    assert found == ({"spans:N-2"}, 0, 1, undecidable)


def test_a_place_without_coordinates_may_lie_in_every_area(tmp_path, plan):
    plan.change("structures", "m3", lon=None, lat=None)
    catalogue, singles = simulate(plan, layer(tmp_path, area(1.5, 1.9, 2.5, 3), id=["north"]))
    assert row_of(catalogue, singles, "risk_groups:hazard-north") == ({"spans:N-2"}, 0, 1, 1)


def test_what_is_exempt_does_not_fail_with_a_doubtful_group(plan):
    plan.risk("G", "spans:N-2", "spans:Q-2")
    plan.rows["risk_members"][-1]["membership"] = POSSIBLE

    def undecidable(*exempt):
        catalogue = build_catalogue(plan.network(), load_rules(), exempt=exempt)
        singles = find_single_failures(catalogue)
        return int(singles.circuits_undecidable[catalogue.ids.tolist().index("risk_groups:G")])

    assert undecidable() == 1
    assert undecidable("spans:Q-2") == 0
