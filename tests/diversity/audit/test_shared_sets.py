"""Shared sets of units that are alike, and of many units on several cores."""

from __future__ import annotations

import numpy as np
import pytest
from random_plants import draw_plant

from netgraph.diversity import threads
from netgraph.diversity.audit import run, walk_arrays
from netgraph.diversity.audit.positions import locate_all
from netgraph.diversity.audit.sections import section_homes
from netgraph.diversity.audit.sifting import common_section_ends
from netgraph.diversity.sharing import alike, classes, cutting, sets
from netgraph.diversity.sharing.alike import equal_columns, equal_rows, equal_rows_at, first_alike
from netgraph.topology.csr import csr_of_lists


@pytest.fixture(params=range(4))
def case(request):
    """Units of a random plant, and what the loops walk over."""
    audit = draw_plant(request.param).audit()
    network, units, section = audit.network, audit.units, audit.entry_section
    every = np.ones(len(network.circuits.routes), dtype=bool)
    ends = common_section_ends(units, section_homes(network, section))
    judged = units.subset(network, ends, every, np.arange(len(units)) % 5 != 3)
    found = walk_arrays.classes_of(network, audit.paths, audit.risks, section, 50.0)
    return judged, walk_arrays.walk_arrays(network, audit.paths, found, section, 50.0)


def doubled(units):
    """Every unit twice."""
    twice = np.repeat(np.arange(len(units.circuits)), 2)
    return sets.Units(
        sets._rows_of(units.circuits, twice),
        units.segments,
        units.segment_routes,
        sets._rows_of(units.exempt, twice),
        units.is_judged[twice],
        units.section_ends[twice],
    )


def entries(found, unit):
    row = found.row(unit)
    columns = (found.item, found.sections, found.from_a_m, found.from_b_m, found.is_own_end)
    return [column[row].tolist() for column in columns]


def test_units_that_are_alike_get_the_same_set_and_those_not_judged_get_none(case, monkeypatch):
    units, arrays = case
    monkeypatch.setattr(sets, "_MANY", 0)
    once = sets.find_shared(units, arrays)
    twice = sets.find_shared(doubled(units), arrays)
    assert len(once.item)
    for unit in range(len(units.circuits)):
        assert entries(once, unit) == entries(twice, 2 * unit) == entries(twice, 2 * unit + 1)
        assert units.is_judged[unit] or not entries(once, unit)[0]


def test_units_are_alike_only_if_their_sections_end_in_the_same_buildings(case):
    units, arrays = case
    twice = doubled(units)
    first = first_alike(twice, arrays.routes)
    assert (first[1::2] == first[0::2]).all()
    twice.section_ends[1::2] -= 1
    first = first_alike(twice, arrays.routes)
    assert (first[1::2] % 2 == 1).all()
    assert (first[0::2] % 2 == 0).all()


_ROWS = [[1, 2], [2, 1], [], [1, 2], [1], [], [1, 2, 3], [-1, 2], [2, 1], [-1, 2]]


@pytest.mark.parametrize("is_hash_poor", [False, True])
def test_rows_are_alike_if_they_hold_the_same_in_the_same_order(is_hash_poor, monkeypatch):
    if is_hash_poor:  # all rows of one length look alike
        monkeypatch.setattr(alike, "_hashes", lambda table: table.counts.astype(np.uint64))
    table = csr_of_lists(_ROWS)
    assert equal_rows(table).tolist() == [_ROWS.index(row) for row in _ROWS]
    some = np.array([8, 0, 3, 1, 6, 8])
    numbers = equal_rows_at(table, some).tolist()
    assert [numbers.index(n) for n in numbers] == [0, 1, 1, 0, 4, 0]


def test_columns_of_any_size_are_compared_place_by_place():
    large = np.array([0, 2**61, 5, 0, 2**61, 5])
    other = np.array([7, -(2**40), 7, 7, -(2**40), 8])
    assert equal_columns(large, other, large).tolist() == [0, 1, 2, 0, 1, 5]


@pytest.mark.parametrize("cores", [1, 3])
def test_neither_cores_nor_a_look_at_what_is_alike_change_a_set(case, cores, monkeypatch):
    units, arrays = case
    expected = sets.find_shared(units, arrays)
    monkeypatch.setattr(threads.os, "cpu_count", lambda: cores)
    monkeypatch.setattr(sets, "_LEAST", 1)
    monkeypatch.setattr(sets, "_MANY", 0)
    found = sets.find_shared(units, arrays)
    for unit in range(len(units.circuits)):
        assert entries(found, unit) == entries(expected, unit)


@pytest.mark.parametrize("seed", range(6))
def test_the_number_of_cores_moves_no_stretch(seed, monkeypatch):
    audit = draw_plant(seed).audit()
    monkeypatch.setattr(threads.os, "cpu_count", lambda: 1)
    expected = locate_all(audit, audit.verdicts)
    monkeypatch.setattr(threads.os, "cpu_count", lambda: 3)
    monkeypatch.setattr(cutting, "_LEAST", 1)
    assert locate_all(audit, audit.verdicts) == expected
    assert any(positions.runs for positions in expected)


@pytest.mark.parametrize(("cores", "n"), [(2, 0), (2, 1), (3, 7), (64, 100)])
def test_shares_hold_every_number_once(cores, n, monkeypatch):
    monkeypatch.setattr(threads.os, "cpu_count", lambda: cores)
    parts = threads.shares(n)
    assert sorted(np.concatenate(parts).tolist()) == list(range(n))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    ranges = [range(low, high) for low, high in threads.ranges(n)]
    assert [i for part in ranges for i in part] == list(range(n))
    assert len(ranges) == len(parts)


def test_results_of_threads_come_in_the_order_of_the_parts():
    assert threads.in_threads(lambda n: n * n, range(5)) == [0, 1, 4, 9, 16]


def told(audit):
    """Verdicts with what is shared, and classes that hold several elements."""
    sizes = audit.common.shared.numbers.counts
    return list(audit.verdicts), int((sizes > 1).sum())


@pytest.mark.parametrize("seed", range(12))
def test_elements_taken_as_one_or_each_by_itself_give_the_same_verdicts(seed, monkeypatch):
    network, rules = (audit := draw_plant(seed).audit()).network, audit.rules
    expected, n_joint = told(audit)
    assert n_joint
    whole = classes.build_classes

    def each_alone(elements, risks_of, n_risks, is_alone):
        return whole(elements, risks_of, n_risks, np.ones_like(is_alone))

    monkeypatch.setattr(walk_arrays, "build_classes", each_alone)
    assert told(run.audit_routes(network, rules)) == (expected, 0)


@pytest.mark.parametrize("seed", range(4))
def test_classes_that_only_share_a_hash_are_told_apart(seed, monkeypatch):
    network, rules = (audit := draw_plant(seed).audit()).network, audit.rules
    expected = told(audit)
    monkeypatch.setattr(classes, "_hash_links", lambda _, n: np.zeros(n))
    assert told(run.audit_routes(network, rules)) == expected


def test_a_group_is_not_told_again_at_a_place_that_is_shared_itself():
    n_groups = 0
    for seed in range(10):
        audit = draw_plant(seed).audit()
        first = audit.network.elements.offset["places"]
        for verdict, located in zip(audit.verdicts, locate_all(audit, audit.verdicts), strict=True):
            places = [r.from_place for r in located.runs if r.kind == "risk_group"]
            n_groups += len(places)
            points = {r.from_place for r in located.runs if r.from_place == r.to_place}
            assert {first + p for p in points & set(places) if p >= 0}.isdisjoint(verdict.shared)
    assert n_groups
