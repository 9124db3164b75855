"""Every certificate of a run is accepted, whatever the inventory and its format."""

from __future__ import annotations

import functools
import json
from dataclasses import asdict

import pytest
from adversarial_plants import draw_adversary
from best_pair_oracle import draw_small
from builders import PlantBuilder
from certified_runs import assessed
from commands import BANK
from hypothesis import given, settings
from hypothesis import strategies as st
from random_plants import draw_plant

import netgraph as ng
from netgraph.datasets import example_columns
from netgraph.datasets.province import province_columns
from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.certificates import as_plain, certify
from netgraph.verify.run import Certificates

FORMATS = ("tables", "book.xlsx", "book.gpkg")


def test_the_bank_is_accepted(bank):
    found = bank.verify()

    assert found.refused == ()
    assert found.is_accepted
    assert set(found.not_checkable) <= {"proven_by_search", "unproven"}
    lines = bank.certificates()
    assert sum(found.accepted.values()) + sum(found.not_checkable.values()) == len(lines)


@pytest.mark.parametrize("name", FORMATS[1:])
def test_the_bank_is_accepted_from_a_workbook_and_a_geopackage(bank, name, tmp_path):
    """The certificates of the folder hold for the same tables in another format."""
    other = ng.write_inventory(ng.read_inventory(BANK), tmp_path / name)
    copy = bank.copy(tmp_path / "copy")
    copy.name_again(other)

    assert type(copy)(copy.out, other).verify().refused == ()


def test_the_same_tables_give_the_same_bytes_in_every_format(tmp_path):
    inventory = ng.from_columns(example_columns("twin_ring"))
    written = []
    for name in FORMATS:
        run = assessed(ng.write_inventory(inventory, tmp_path / name), tmp_path / f"out-{name}")
        written.append((run.out / "certificates.jsonl").read_bytes())
        assert run.verify().refused == ()

    assert len(set(written)) == 1
    assert written[0].endswith(b"\n")


def test_a_small_province_is_accepted(tmp_path):
    inventory = ng.from_columns(province_columns(scale=0.01, seed=1))
    run = assessed(ng.write_inventory(inventory, tmp_path / "tables"), tmp_path / "out", 0.2)

    found = run.verify()

    assert found.refused == ()
    assert found.accepted["separating_risk"] > 100


def certified(seed, *, is_open=False, draw=draw_plant):
    """Certificates of a random plant, and a checker that has read its rows.

    With open questions, every third of its first spans may belong to a group, or may not.
    """
    plan = draw(seed)
    if is_open:
        plan.risk("open", f"structures:{plan.rows['structures'][0]['id']}")
        for span in plan.rows["spans"][::3]:
            member = {"risk_id": "open", "table": "spans", "element_id": span["id"]}
            plan.add("risk_members", **member, membership="possible")
    inventory = plan.inventory()
    assessment = ng.assess(inventory, ng.Options(search_seconds=0))
    lines = [as_plain(c) for c in certify(assessment.audit, assessment.achievable)]
    return lines, lambda: Certificates(inventory, asdict(assessment.options.rules))


def refused(checker, lines):
    for number, line in enumerate(lines, start=1):
        checker.take(number, json.dumps(line))
    return checker.refused


@given(seed=st.integers(0, 10_000))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_every_certificate_of_a_random_plant_is_accepted(seed):
    lines, checker = certified(seed)

    assert refused(checker(), lines) == []


@given(seed=st.integers(0, 10_000))
@settings(max_examples=5, deadline=None, derandomize=True)
def test_certificates_with_open_questions_are_accepted_and_never_read_better(seed):
    """A verdict that hangs on a record that is missing must say so, or it is refused."""
    lines, checker = certified(seed, is_open=True)
    assert refused(checker(), lines) == []
    open_ones = [
        number for number, line in enumerate(lines)
        if line.get("question") == "recorded" and line["verdict"] == "undecidable"
    ]  # fmt: skip
    for number in open_ones[:2]:
        line, claim = lines[number], lines[number]["claim"]
        for shared in (claim["shared"], [e for e in claim["shared"] if "possible:" not in e]):
            raised = {**line, "verdict": "diverse"}
            raised["claim"] = {**claim, "level": "diverse", "shared": shared}
            assert refused(checker(), [*lines[:number], raised, *lines[number + 1 :]])


LEVELS = (
    "same_link", "same_cable", "same_trench", "same_structure", "same_risk_group", "same_device",
    "same_office", "undecidable", "radio_backup", "diverse", "separated",
)  # fmt: skip


def better(level):
    """Levels that read better than one."""
    return LEVELS[LEVELS.index(level) + 1 :] if level in LEVELS else LEVELS


def raised(certificate, draw):
    """Tamper with one field so that a certificate says more than it did, or claims what is not."""
    worse = json.loads(json.dumps(certificate))
    claim, field = worse["claim"], draw(st.sampled_from(["level", "shared", "tolerated", "route"]))
    if field == "level" and better(claim["level"]):
        claim["level"] = worse["verdict"] = draw(st.sampled_from(better(claim["level"])))
    elif field == "shared" and claim["shared"]:
        claim["shared"].remove(draw(st.sampled_from(claim["shared"])))
    elif field == "tolerated" and claim["tolerated"]:
        draw(st.sampled_from(claim["tolerated"]))[1] -= 5.0
    elif field == "route" and len(worse["routes"]) > 1:
        worse["routes"].pop(draw(st.integers(0, len(worse["routes"]) - 1)))
    return worse


@given(data=st.data())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_no_tampering_with_one_field_makes_a_random_verdict_better(data):
    drawn_by = draw_plant if data.draw(st.booleans()) else draw_adversary
    lines, checker, honest_levels = _known(data.draw(st.integers(0, 9)), drawn_by)
    judged = [n for n, c in enumerate(lines) if c["kind"] in {"pair", "single_route", "missing"}]
    number = data.draw(st.sampled_from([n for n in judged if "claim" in lines[n]]))
    tampered = raised(lines[number], data.draw)
    if tampered == lines[number]:
        return
    told = [*lines[:number], tampered, *lines[number + 1 :]]

    found = checker()
    reasons = refused(found, told)

    assert reasons or worse_everywhere(found.proven.levels, honest_levels)


def worse_everywhere(found, honest):
    """Whether no verdict reads better than before."""
    order = ("", "single_route", "unproven", *LEVELS)
    return all(
        order.index(level) <= order.index(honest.get(about, "")) for about, level in found.items()
    )


@functools.cache
def _known(seed, draw):
    """Certificates of a plant, their checker, and what it says when nobody tampers with them."""
    lines, checker = certified(seed, draw=draw)
    honest = checker()
    refused(honest, lines)
    return lines, checker, dict(honest.proven.levels)


@pytest.mark.parametrize("seed", range(12))
def test_what_a_group_could_have_with_a_route_to_each_centre_is_accepted(seed):
    plan = draw_small(seed, has_groups=True)
    audit = plan.audit()
    found = find_achievable(audit, seconds=0)
    lines = [as_plain(c) for c in certify(audit, found)]
    checker = Certificates(plan.inventory(), asdict(audit.rules))
    for number, line in enumerate(lines, start=1):
        checker.take(number, json.dumps(line))

    assert checker.refused == []
    levels = {
        (name, str(audit.network.places.ids[place])): answer.level
        for name, answers in found.answers.items()
        for place, (answer,) in answers.items()
    }
    said = {
        (about[0], about[2]): level
        for about, level in checker.proven.levels.items()
        if "apart" in about
    }
    assert said == levels


def test_two_routes_to_one_centre_are_no_pair_of_a_group():
    plan = PlantBuilder().office("K").office("J").site("S")
    for name, a, b in (("p", "S", "K"), ("q", "S", "J"), ("r", "S", "K")):
        plan.span(name, a, b, length_m=1000.0, trench_id=f"T{name}").cable(f"c{name}", a, b, name)
    plan.link("lp", "S", "K", ["cp"]).link("lq", "S", "J", ["cq"])
    plan.circuit("x1", "S", "K", "lp", group_id="G").circuit("x2", "S", "J", "lq", group_id="G")
    audit = plan.audit()
    lines = [as_plain(c) for c in certify(audit, find_achievable(audit, seconds=0))]
    pair = next(c for c in lines if c["kind"] == "pair" and c["question"] == "spans")
    for route, span in zip(pair["routes"], "pr", strict=True):
        route["passed"] = [span]
    pair["claim"]["own_ends"] = (*pair["claim"]["own_ends"], "buildings:B-K")
    checker = Certificates(plan.inventory(), asdict(audit.rules))

    checker.take(1, json.dumps(pair))

    assert "both routes reach one end" in checker.refused[0]


def test_circuits_that_run_alike_are_checked_once_and_each_is_still_held_to_its_own_rows():
    """Both are told by one check; with another protection, or routes of another, it is not one.

    S ---- w ---- K      X, Y: working w, protect p, each certified word for word
    S ---- p ---- K
    """
    plan = PlantBuilder().office("K").site("S").way("w", "S w1 K").way("p", "S p1 K")
    plan.circuit("X", "S", "K", "w", "p").circuit("Y", "S", "K", "w", "p")
    audit = plan.audit()
    lines = [as_plain(c) for c in certify(audit, find_achievable(audit, seconds=0))]
    checker = Certificates(plan.inventory(), asdict(audit.rules))
    assert refused(checker, lines) == []
    assert len(checker.checked) == 1
    assert checker.proven.columns["X"] == checker.proven.columns["Y"]

    forged = json.loads(json.dumps(lines))
    other = next(c for c in forged if c.get("subject") == "circuits:Y")
    for route in other["routes"]:
        route["circuit"] = "X"
    assert (
        "its circuits are"
        in refused(Certificates(plan.inventory(), asdict(audit.rules)), forged)[0]
    )
    plan.change("circuits", "Y", protection="ring")
    plan.rows["circuit_links"] = [
        row for row in plan.rows["circuit_links"]
        if (row["circuit_id"], row["role"]) != ("Y", "protect")
    ]  # fmt: skip
    changed = refused(Certificates(plan.inventory(), asdict(audit.rules)), lines)
    assert "the routes of Y are" in changed[0]
