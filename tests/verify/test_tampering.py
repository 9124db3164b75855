"""What was tampered with is refused, and the sentence says what."""

from __future__ import annotations

import dataclasses
import json

import pytest
from commands import read_rows, write_rows

import netgraph as ng
from netgraph.errors import InputError


def one_reason(run):
    found = run.verify()
    assert not found.is_accepted
    assert sum(found.refused_by_kind.values()) == len(found.refused)
    return found.refused[0]


def tamper(run, change, **wanted):
    """Change the first certificate with these values; give the first reason of the refusal."""
    certificates = run.certificates()
    change(run.one(certificates, **wanted))
    run.write(certificates)
    return one_reason(run)


def changed_verdict(level):
    def change(certificate):
        certificate["verdict"] = certificate["claim"]["level"] = level

    return change


@pytest.mark.parametrize("question", ["recorded", "cables", "spans"])
def test_a_level_raised_to_diverse_is_refused(twin_ring, question):
    """Even with nothing left in the list of what is shared."""

    def change(certificate):
        changed_verdict("diverse")(certificate)
        certificate["claim"]["shared"] = []

    assert "they share ['" in tamper(twin_ring, change, question=question, verdict="same_trench")


def test_an_undecided_circuit_said_to_be_diverse_is_refused(twin_ring):
    def change(certificate):
        changed_verdict("diverse")(certificate)
        certificate["kind"], certificate["claim"]["complete"] = "pair", True

    reason = tamper(twin_ring, change, question="recorded", kind="missing")

    assert "the rows prove undecidable" in reason


def test_a_diverse_circuit_said_to_be_separated_is_refused(twin_ring):
    """Its routes lie apart, but nobody surveyed them."""
    change = changed_verdict("separated")

    assert "the rows prove diverse" in tamper(
        twin_ring, change, question="recorded", verdict="diverse"
    )


def test_a_single_route_said_to_be_two_is_refused(twin_ring):
    change = changed_verdict("diverse")

    assert "the rows prove single_route" in tamper(twin_ring, change, kind="single_route")


@pytest.mark.parametrize("question", ["recorded", "cables", "spans"])
def test_a_shared_element_dropped_from_the_list_is_refused(twin_ring, question):
    reason = tamper(
        twin_ring,
        lambda certificate: certificate["claim"]["shared"].pop(),
        question=question, level="same_trench",
    )  # fmt: skip

    assert "they share ['" in reason


def test_a_certificate_of_another_kind_does_not_carry_a_level(twin_ring):
    """Records that are missing prove `undecidable` alone, whatever else the line says."""

    def change(certificate):
        changed_verdict("diverse")(certificate)
        certificate["kind"] = "missing"

    reason = tamper(twin_ring, change, question="cables", verdict="same_trench", kind="pair")

    assert "the tables say 'same_trench'" in reason


def test_a_route_swapped_for_that_of_another_circuit_is_refused(twin_ring):
    certificates = twin_ring.certificates()
    judged = [c for c in certificates if c.get("question") == "recorded" and c["kind"] == "pair"]
    first, second = judged[0], next(c for c in judged if c["site"] != judged[0]["site"])
    first["routes"][1]["steps"] = second["routes"][1]["steps"]
    twin_ring.write(certificates)

    assert "the routes of" in one_reason(twin_ring)


@pytest.mark.parametrize("question", ["cables", "spans"])
def test_an_invented_step_is_refused(twin_ring, question):
    """A span or cable that no row has."""

    def change(certificate):
        certificate["routes"][0]["passed"][0] = "INVENTED"

    reason = tamper(twin_ring, change, question=question, kind="pair", verdict="diverse")

    assert "INVENTED" in reason


@pytest.mark.parametrize("question", ["cables", "spans"])
def test_a_route_with_a_piece_left_out_or_in_another_order_is_refused(twin_ring, question):
    certificates = twin_ring.certificates()
    pairs = [c for c in certificates if (c["kind"], c.get("question")) == ("pair", question)]
    pair = max(pairs, key=lambda c: len(c["routes"][0]["passed"]))
    whole = pair["routes"][0]["passed"]
    for passed in (whole[1:], whole[:1] + whole[2:], [whole[1], whole[0], *whole[2:]]):
        pair["routes"][0]["passed"] = passed
        twin_ring.write(certificates)

        reason = one_reason(twin_ring)
        assert "a route has gaps" in reason or "a route may not run there" in reason


def test_a_step_between_other_places_is_refused(twin_ring):
    def change(certificate):
        certificate["legs"][0][0][1] = "offices:ELSEWHERE"

    assert "does not run from offices:ELSEWHERE" in tamper(twin_ring, change, kind="way")


@pytest.mark.parametrize("change", [
    lambda way: way["elements"].pop(),
    lambda way: way["risk_groups"].append("risk_groups:INVENTED"),
])  # fmt: skip
def test_a_way_that_hides_or_invents_what_takes_it_down_is_refused(twin_ring, change):
    assert "it goes down with" in tamper(twin_ring, change, kind="way")


def test_a_piece_left_out_of_a_way_is_refused_with_all_that_rests_on_it(twin_ring):
    certificates = twin_ring.certificates()
    way = twin_ring.one(certificates, kind="way")
    way["legs"][0].pop()
    twin_ring.write(certificates)

    found = twin_ring.verify()

    assert "it runs through" in found.refused[0]
    assert any(f"there is no accepted way of {way['of']}" in reason for reason in found.refused)


@pytest.mark.parametrize("metres", [-5.0, float("nan")])
def test_a_changed_metre_of_what_is_tolerated_is_refused(bank, tmp_path, metres):
    run = bank.copy(tmp_path)
    certificates = run.certificates()
    near = next(c for c in certificates if c.get("claim", {}).get("tolerated"))
    near["claim"]["tolerated"][0][1] += metres
    ways = [c for c in certificates if c["kind"] == "way"]
    run.write([*ways, near])

    assert "m from A" in one_reason(run)


def test_a_shared_element_called_tolerated_is_refused(twin_ring):
    def change(certificate):
        element = certificate["claim"]["shared"].pop()
        certificate["claim"]["tolerated"].append([element, 10.0])

    assert "they share ['" in tamper(twin_ring, change, question="recorded", level="same_structure")


def test_an_end_that_is_none_is_refused(twin_ring):
    """Own ends do not count as shared, so an end too many would hide something."""

    def change(certificate):
        certificate["claim"]["own_ends"].append("buildings:ELSEWHERE")

    assert "all routes end in" in tamper(twin_ring, change, question="recorded", kind="pair")


@pytest.mark.parametrize("layer", ["cables", "spans"])
def test_a_separating_risk_that_does_not_separate_is_refused(twin_ring, layer):
    certificates = twin_ring.certificates()
    risk = next(
        c for c in certificates if (c["kind"], c.get("question")) == ("separating_risk", layer)
    )
    whole = twin_ring.one(certificates, kind="pair", question=layer, verdict="diverse")
    risk["sites"], risk["ends"] = [whole["site"]], whole["ends"]
    twin_ring.write(certificates)

    assert "does not part" in one_reason(twin_ring)


def test_an_unavoidable_risk_that_can_be_avoided_is_refused(bank, tmp_path):
    """A pair that shares something avoidable must not pass as the best there is."""
    run = bank.copy(tmp_path)
    certificates = run.certificates()
    ways = [c for c in certificates if c["kind"] == "way"]
    pair = run.one(certificates, kind="pair", question="spans", verdict="diverse")
    pair["routes"][1] = pair["routes"][0]
    pair["claim"]["shared"] = []
    run.write([*ways, pair])
    reason = one_reason(run)  # tells what the pair shares now, within the tolerance apart
    shared, near = (part.split("]")[0] for part in reason.split("[")[1:3])
    pair["claim"]["shared"] = [e for e in _listed(shared) + _listed(near) if e]
    pair["claim"]["tolerated"] = []
    pair["claim"]["level"] = pair["verdict"] = "same_trench"
    run.write([*ways, pair])

    assert "does not part" in one_reason(run)


def _listed(text):
    return [word.strip(" '") for word in text.split(",")]


@pytest.mark.parametrize("question", ["recorded", "cables", "spans"])
def test_a_deleted_certificate_is_missed(twin_ring, question):
    certificates = twin_ring.certificates()
    gone = twin_ring.one(certificates, question=question, kind="pair", verdict="diverse")
    twin_ring.write([c for c in certificates if c is not gone])

    assert "the tables say 'diverse'" in one_reason(twin_ring)


def test_a_level_changed_in_the_tables_is_missed(twin_ring):
    path = twin_ring.out / "tables" / "sites.csv"
    rows = read_rows(path)
    rows[0]["recorded_level"] = "separated"
    write_rows(path, rows)

    assert "the tables say 'separated'" in one_reason(twin_ring)


def test_a_changed_inventory_is_refused_with_one_sentence(twin_ring):
    path = twin_ring.inventory / "spans.csv"
    path.write_bytes(path.read_bytes() + b"\n")

    found = twin_ring.verify()

    assert found.refused == ("The inventory is not the one that was assessed: spans.csv differs.",)
    assert not found.accepted


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("spans", "it runs through"), ("cable_spans", "it runs through"),
        ("link_cables", "it runs through"), ("circuit_links", "the routes of"),
        ("structures", "it goes down with"), ("circuits", "its circuits are"),
    ],
)  # fmt: skip
def test_certificates_whose_rows_are_gone_are_refused(twin_ring, table, reason):
    """Half of a table is deleted, and run.json names what is left of the inventory."""
    path = twin_ring.inventory / f"{table}.csv"
    rows = read_rows(path)
    write_rows(path, rows[: len(rows) // 2])
    twin_ring.name_again(twin_ring.inventory)

    assert any(reason in why for why in twin_ring.verify().refused)


def test_a_line_that_is_no_certificate_is_refused(twin_ring):
    path = twin_ring.out / "certificates.jsonl"
    path.write_text(path.read_text("utf-8") + '{"kind":"pair"}\n[]\nnothing\n', "utf-8")

    found = twin_ring.verify()

    assert len(found.refused) == 3
    assert all("damaged" in reason or "proves nothing" in reason for reason in found.refused)


def test_searches_are_counted_apart_and_never_accepted(twin_ring):
    certificates = twin_ring.certificates()
    pair = twin_ring.one(certificates, question="spans", kind="pair", verdict="diverse")
    pair["kind"] = "proven_by_search"
    twin_ring.write(certificates)

    found = twin_ring.verify()

    assert found.not_checkable == {"proven_by_search": 1}
    assert "the tables say 'diverse'" in found.refused[0]


def test_a_claim_that_nothing_is_held_to_does_not_replace_one_that_was(twin_ring):
    """The table agrees with the pair that was checked, not with what is said of a search."""
    certificates = twin_ring.certificates()
    pair = twin_ring.one(certificates, question="spans", kind="pair")
    claim = {**pair["claim"], "disjoint_otherwise": not pair["claim"]["disjoint_otherwise"]}
    twin_ring.write([*certificates, {**pair, "kind": "proven_by_search", "claim": claim}])

    assert twin_ring.verify().refused == ()


@pytest.mark.parametrize("gone", ["certificates.jsonl", "run.json", "tables/sites.csv"])
def test_an_output_without_certificates_says_how_to_get_them(twin_ring, gone):
    (twin_ring.out / gone).unlink()

    with pytest.raises(InputError, match="netgraph assess --certificates"):
        twin_ring.verify()


def test_the_inventory_may_have_moved(twin_ring):
    moved = twin_ring.inventory.rename(twin_ring.inventory.with_name("moved"))

    assert dataclasses.replace(twin_ring, inventory=moved).verify().is_accepted
    assert ng.verify_certificates(twin_ring.out, moved).is_accepted
    assert json.loads((twin_ring.out / "run.json").read_text("utf-8"))["inputs"]
