"""Groups that nobody recorded are assumed where the rules say so, and say so themselves."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import pytest
from builders import PlantBuilder
from certified_runs import assessed

import netgraph as ng
from netgraph.assessment import Handover
from netgraph.diversity.levels import Level
from netgraph.diversity.rules import load_rules
from netgraph.errors import InputError
from netgraph.verify import verify_certificates

RULES = replace(load_rules(), assume_by=("customer", "site", "service"))


@pytest.fixture
def pair():
    """Two single circuits of A for one service, on two ways, no group recorded.

          w1 --- w2       X on W
         /         \\
        A           K
         \\         /
          p1 --- p2       Y on P
    """
    plan = PlantBuilder().office("K").site("A").way("W", "A w1 w2 K").way("P", "A p1 p2 K")
    plan.circuit("X", "A", "K", "W", protection="none", service="line")
    return plan.circuit("Y", "A", "K", "P", protection="none", service="line")


def test_nothing_is_assumed_unless_the_rules_say_so(pair):
    assert pair.verdict().level is Level.SINGLE_ROUTE
    assert not pair.audit().network.circuits.is_group_assumed.any()


def test_circuits_that_agree_are_judged_together_under_a_name_that_says_so(pair):
    verdict = pair.verdict(rules=RULES)

    assert verdict.level is Level.DIVERSE
    assert verdict.name == "assumed:Q/A/line"
    assert pair.audit(RULES).of_circuit(0).level is Level.SINGLE_ROUTE


@pytest.mark.parametrize(
    "columns",
    [
        {"service": "other"}, {"service": None}, {"customer_id": "R"}, {"a_id": "B"},
        {"group_id": "G"}, {"status": "planned"},
    ],
    ids=str,
)  # fmt: skip
def test_circuits_that_differ_or_lack_a_record_stay_alone(pair, columns):
    pair.site("B").change("circuits", "Y", **columns)

    assert pair.verdict(rules=RULES).level is Level.SINGLE_ROUTE
    assert not pair.audit(RULES).network.circuits.is_group_assumed.any()


def test_circuits_need_agree_only_in_what_is_named(pair):
    pair.change("circuits", "Y", service="other")
    rules = replace(RULES, assume_by=("site",))

    assert pair.verdict(rules=rules).name == "assumed:A"


def test_a_recorded_group_of_the_same_name_stays_as_it_is(pair):
    pair.way("V", "A v1 K").circuit("Z", "A", "K", "V", group_id="assumed:Q/A/line")

    assert pair.verdict("Z", RULES).circuits == (2,)
    assert pair.verdict("X", RULES).level is Level.SINGLE_ROUTE


def test_different_keys_have_different_names(pair):
    pair.change("sites", "A", id="a/b").change("circuits", "X", a_id="a/b", service="c")
    pair.change("circuits", "Y", a_id="a/b", service="c").site("a")
    for name in ("U", "V"):
        pair.circuit(name, "a", "K", service="b/c")
    circuits = pair.audit(RULES).network.circuits

    assert len(set(circuits.group.tolist())) == 2


def test_an_assumption_shows_in_tables_reasons_and_findings(pair):
    options = ng.Options(rules=RULES, search_seconds=0)
    assessment = ng.assess(pair.inventory(), options)

    assert assessment.circuits["group_assumed"].tolist() == [True, True]
    assert assessment.sites["group_assumed"].tolist() == [True]
    assert [f.message[:8] for f in assessment.findings if f.rule == "ND991"] == ["1 groups"]
    trace = ng.trace(pair.inventory(), "A", options)
    assert "it is assumed" in trace.units[0].reason
    assert trace.units[0].name.startswith("assumed:")


def test_the_checker_assumes_the_same_groups_by_itself(pair, tmp_path):
    """Five more circuits that must not be taken in."""
    pair.site("B").way("V", "A v1 K").way("U", "B v1 K")
    for name, columns in {
        "c1": {"service": "other"}, "c2": {}, "c3": {"group_id": "G"}, "c4": {"group_id": "G"},
    }.items():  # fmt: skip
        pair.circuit(name, "A", "K", "V", **columns)
    pair.circuit("c5", "B", "K", "U", service="line")
    path = ng.write_inventory(pair.inventory(), tmp_path / "tables")
    assessment = ng.assess(ng.read_inventory(path), ng.Options(rules=RULES, search_seconds=0))
    out = tmp_path / "out"
    ng.write_assessment(
        assessment, out, maps=False, html=False, handover=Handover.none(), certificates=True
    )

    assert verify_certificates(out, path).refused == ()
    plain = assessed(path, tmp_path / "plain")
    (plain.out / "certificates.jsonl").write_bytes((out / "certificates.jsonl").read_bytes())
    reasons = verify_certificates(plain.out, path).refused
    assert any("groups:assumed:Q/A/line" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('["colour", "site"]', "must be a list of some of customer, site, service"),
        ('"site"', "must be a list"),
        ('["service"]', "must name site"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(tmp_path, text, problem):
    shipped = resources.files("netgraph.diversity").joinpath("rules.toml").read_text("utf-8")
    path = tmp_path / "rules.toml"
    path.write_text(shipped.replace("assume_by = []", f"assume_by = {text}"), "utf-8")

    with pytest.raises(InputError, match=problem):
        load_rules(path)


def test_rules_of_an_earlier_version_assume_nothing(tmp_path):
    shipped = resources.files("netgraph.diversity").joinpath("rules.toml").read_text("utf-8")
    path = tmp_path / "rules.toml"
    path.write_text(shipped.replace("assume_by = []", ""), "utf-8")

    assert load_rules(path).assume_by == ()
