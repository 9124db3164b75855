"""The risk catalogue: ids, kinds, places, members, numbers."""

from __future__ import annotations

import numpy as np
import pytest
from builders import PlantBuilder
from hypothesis import given
from hypothesis import strategies as st

from netgraph.diversity.failures import build_catalogue, srlg_numbers
from netgraph.diversity.rules import load_rules


@pytest.fixture
def catalogue():
    """One of each kind of risk.

    ::

        S --a-- m1 ==b (bridge)== m2 --c (pole line)-- K      b and d between the same two points
                   '-----d-----'
    """
    plan = PlantBuilder().site("S").office("K").device("D", "K")
    plan.change("sites", "S", name="Site").change("offices", "K", name="Centre")
    plan.add("rooms", id="R", location_id="K").device("E", "K", room_id="R")
    plan.structure("m1").structure("m2", "pole")
    plan.span("a", "S", "m1", trench_id="T").span("b", "m1", "m2", medium="bridge")
    plan.span("c", "m2", "K", medium="pole_line").span("d", "m1", "m2", medium="tunnel")
    plan.cable("C", "S", "K", "a b c").link("L", "S", "E", "C").circuit("X", "S", "K", "L")
    plan.risk("F", "spans:a", "structures:m2", kind="flood_zone")
    return build_catalogue(plan.network(), load_rules())


def found(catalogue):
    return {name: i for i, name in enumerate(catalogue.ids.tolist())}


def test_every_element_and_group_is_a_risk_of_its_kind(catalogue):
    kinds = dict(zip(catalogue.ids, catalogue.kinds, strict=True))
    assert kinds == {
        "links:L": "link", "cables:C": "cable", "spans:a": "span", "spans:b": "bridge",
        "spans:c": "pole_line", "spans:d": "tunnel", "trenches:T": "trench", "offices:K": "office",
        "sites:S": "site", "structures:m1": "manhole", "structures:m2": "pole",
        "equipment:D": "equipment", "equipment:E": "equipment", "rooms:R": "room",
        "buildings:B-K": "building", "risk_groups:F": "flood_zone",
        "suspected:b~d": "suspected_trench",
    }  # fmt: skip


def test_a_risk_knows_its_members_and_its_name(catalogue):
    risk = found(catalogue)
    assert catalogue.members(risk["risk_groups:F"]) == ("spans:a", "structures:m2")
    assert catalogue.members(risk["trenches:T"]) == ("spans:a",)
    assert catalogue.members(risk["buildings:B-K"]) == ("offices:K",)
    assert catalogue.members(risk["rooms:R"]) == ("equipment:E",)
    assert catalogue.members(risk["spans:b"]) == ("spans:b",)
    assert catalogue.name(risk["spans:a"]) == "Site – m1"
    assert catalogue.name(risk["equipment:E"]) == catalogue.name(risk["rooms:R"]) == "Centre"


def test_a_risk_lies_in_the_middle_of_what_it_is(catalogue):
    risk, places = found(catalogue), catalogue.places
    ends = places[[risk["sites:S"], risk["structures:m1"]]]
    assert places[risk["spans:a"]] == pytest.approx(ends.mean(axis=0))
    both = places[[risk["spans:a"], risk["structures:m2"]]]
    assert places[risk["risk_groups:F"]] == pytest.approx(both.mean(axis=0))
    assert np.isfinite(places).all()


def test_some_elements_are_named_as_all_of_them_are(catalogue):
    described = catalogue.descriptions
    some = np.arange(len(described.ids))[::-1]
    assert described.ids_of(some) == described.ids[some].tolist()


def test_the_number_of_a_group_hangs_on_no_element(catalogue, monkeypatch):
    monkeypatch.setattr(
        "netgraph.diversity.failures.srlg._digest",
        lambda name: (sum(name.encode()) % 23).to_bytes(4, "big"),  # many ids clash
    )
    numbers = catalogue.srlg_numbers.tolist()
    assert numbers[-len(catalogue.groups) :] == srlg_numbers(catalogue.groups.ids).tolist()
    assert len(set(numbers)) == len(catalogue)


def test_the_rows_order_does_not_change_a_number():
    one, two = srlg_numbers(["spans:a", "spans:b"]), srlg_numbers(["spans:b", "spans:a"])
    assert one.tolist() == two[::-1].tolist()


@given(st.sets(st.text(max_size=5), max_size=60), st.sets(st.integers(0, 99), max_size=9))
def test_numbers_are_distinct_and_fit_32_bits(names, taken):
    ids = sorted(names)
    with pytest.MonkeyPatch.context() as patch:  # collisions at every turn
        patch.setattr(
            "netgraph.diversity.failures.srlg._digest",
            lambda name: (sum(name.encode()) % 97).to_bytes(4, "big"),
        )
        numbers = srlg_numbers(ids, taken)
    assert len(set(numbers.tolist()) - taken) == len(ids)
    assert ((numbers >= 1) & (numbers < 2**32)).all()
