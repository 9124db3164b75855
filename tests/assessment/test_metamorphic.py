"""What must not change an assessment and its certificates, and what may only make it worse."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from dataclasses import asdict, replace

import pytest
from adversarial_plants import draw_adversary
from best_pair_oracle import draw_small
from builders import named
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from random_plants import draw_plant
from relabelling import as_before, relabelled

import netgraph as ng
from netgraph.diversity.certificates import as_plain, certify
from netgraph.diversity.levels import worst
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND
from netgraph.report.contract import table_specs
from netgraph.report.tables import table_csv
from netgraph.verify.run import Certificates
from netgraph.verify.scores import read_scorecard

PASSING = {"diverse", "separated"}
#: Names in sentences, and the order of sites that are equally bad.
NOT_COMPARED = {"rank", "name", "reason"}
#: Rows that show where something runs, or what stands there.
EVIDENCE = (
    "offices", "sites", "structures", "rooms", "spans", "cables", "cable_spans", "equipment",
    "links", "link_cables", "link_links", "circuit_links",
)  # fmt: skip
DRAWS = {
    "defects": lambda seed: draw_plant(2 * seed + 1),
    "complete": lambda seed: draw_plant(2 * seed),
    "adverse": draw_adversary,
    "small": draw_small,
    "groups": lambda seed: draw_small(seed, has_groups=True),
}
SEEDS = st.integers(0, 100_000)
PLANS = st.builds(lambda draw, seed: DRAWS[draw](seed), st.sampled_from(sorted(DRAWS)), SEEDS)
OPTIONS = ng.Options(search_seconds=0)
CARD = read_scorecard()


def few(examples):
    return settings(max_examples=examples, deadline=None, derandomize=True)


def assessed(plan):
    return ng.assess(plan.inventory(), OPTIONS)


def most_routes(plan):
    """How many routes the circuits of one group at one site have: a protected one has two."""
    protected = {
        row["circuit_id"] for row in plan.rows.get("circuit_links", ()) if row["role"] == "protect"
    }
    counts = Counter()
    for row in plan.rows["circuits"]:
        is_protected = row["id"] in protected or row.get("protection") in {"path", "ring"}
        counts[row.get("group_id") or row["id"], row["a_id"]] += 1 + is_protected
    return max(counts.values())


def lines_of(assessment):
    return [as_plain(each) for each in certify(assessment.audit, assessment.achievable)]


def held(plan, lines):
    """A checker that has held certificates to the rows of a plan."""
    checker = Certificates(plan.inventory(), asdict(OPTIONS.rules))
    for number, line in enumerate(lines, start=1):
        checker.take(number, json.dumps(line))
    return checker


def cells(assessment, table, names=None):
    """The rows of a table; ids as they were before."""
    columns, found = table_specs()[table].names, set()
    for row in assessment.rows(table):
        told = dict(zip(columns, row if names is None else as_before(row, names), strict=True))
        if "missing_records" in told:
            told["missing_records"] = tuple(sorted(told["missing_records"].split("; ")))
        for layer in ("cables", "spans"):  # a bound is not the same whatever was tried first
            if told.get(f"shortest_on_{layer}") is False:
                del told[f"pair_on_{layer}_m"]
        found.add(tuple(
            (round(cell, 6) if cell == cell else None) if isinstance(cell, float) else cell  # noqa: PLR0124 - NaN is missing
            for column, cell in told.items() if column not in NOT_COMPARED
        ))  # fmt: skip
    return found


def verdicts_of(assessment):
    """Every verdict by what it is about, as the checker names that."""
    audit, found = assessment.audit, {}
    circuits, ids = audit.network.circuits, audit.network.places.ids
    a_ids = audit.network.inventory.table("circuits")["a_id"]
    for unit, verdict in enumerate(audit.verdicts):
        about = f"groups:{verdict.name}"
        if unit < len(circuits):
            about = f"circuits:{circuits.ids[unit]}"
        site = str(a_ids[circuits.rows[verdict.circuits[0]]])
        found["recorded", about, site] = verdict.level.value
    for layer, of_sites in assessment.achievable.answers.items():
        for place, answers in of_sites.items():
            for answer in answers:
                found[_asked(layer, ids, place, answer)] = answer.level
    return found


def _asked(layer, ids, place, answer):
    asked = sorted(str(ids[end]) for end in answer.b_ends)
    if answer.parted:
        asked += ["apart", *sorted(str(ids[end]) for end in answer.parted)]
    if answer.routes_to:
        each = ("|".join(sorted(str(ids[end]) for end in to)) for to in answer.routes_to)
        asked += ["routes", *sorted(each)]
    site = str(ids[place])
    return (layer, f"sites:{site}", site, *asked)


def as_read(assessment, table):
    """The rows of a table as they come back from its file."""
    return list(csv.DictReader(io.StringIO(table_csv(table, assessment.rows(table)))))


@given(plan=PLANS, seed=SEEDS)
@example(plan=draw_small(0), seed=0)  # two centres, equally bad: the worse figures are told
@example(plan=DRAWS["complete"](5913), seed=1)  # two offices in one building, equally far
@example(plan=draw_adversary(1093), seed=1093)  # the first point of a building is near, or not
@few(20)
def test_other_ids_and_another_order_of_rows_change_no_verdict_and_no_certificate(plan, seed):
    """The pair that is named may be another one, as good: it holds in the first inventory, too.

    Of more than four routes four are searched for, and ids decide which of those to equal ends.
    """
    assume(most_routes(plan) <= 4)
    other, names = relabelled(plan, seed)
    before, after = assessed(plan), assessed(other)
    told = lines_of(after)

    back = held(plan, as_before(told, names))

    assert held(other, told).refused == back.refused == []
    assert back.proven.levels == verdicts_of(before)
    for table in ("circuits", "sites"):
        assert cells(after, table, names) == cells(before, table)


@given(plan=PLANS, data=st.data())
@few(25)
def test_every_verdict_has_a_certificate_that_is_missed_when_it_is_gone(plan, data):
    assessment = assessed(plan)
    lines = lines_of(assessment)
    checker = held(plan, lines)
    tables = {name: as_read(assessment, name) for name in ("sites", "circuits")}

    assert checker.refused == []
    assert checker.proven.levels == verdicts_of(assessment)
    assert [*checker.contradictions(tables, CARD)] == []
    gone = data.draw(st.sampled_from([n for n, line in enumerate(lines) if "verdict" in line]))
    less = held(plan, [line for number, line in enumerate(lines) if number != gone])
    lost = verdicts_of(assessment).items() - less.proven.levels.items()
    assert not lost or [*less.contradictions(tables, CARD)]
    assert lost or lines[gone]["verdict"] in {"undecidable", "unproven"} or (
        lines[gone]["kind"] == "proven_by_search"
    )  # fmt: skip


@given(plan=PLANS, seed=SEEDS)
@few(20)
def test_one_more_risk_group_makes_nothing_diverse_and_earns_no_mark(plan, seed):
    draw, before = random.Random(seed), assessed(plan)
    members = [
        f"{table}:{row['id']}"
        for table in ("offices", "structures", "spans", "cables", "links")
        for row in plan.rows.get(table, ())
    ]
    more = plan.copy().risk("one more", *draw.sample(members, draw.choice([2, 3, 4])))

    after = assessed(more)

    # A group is searched for more than two routes only where these share something.
    was, now = (by_ends(verdicts_of(each)) for each in (before, after))
    assert now.keys() == was.keys()
    assert {a for a in now if now[a] & PASSING} <= {a for a in was if was[a] & PASSING}
    assert_no_more_marks(before, after)


def by_ends(verdicts):
    """Levels by what they are about, however many routes were searched for."""
    found = {}
    for about, level in verdicts.items():
        ends = about[: about.index("routes")] if "routes" in about else about
        found.setdefault(ends, set()).add(level)
    return found


@pytest.mark.parametrize("seed", range(24))
def test_a_row_that_is_lost_makes_nothing_diverse_and_earns_no_mark(seed):
    """Everything is in service and nothing contradicts: a row that is lost can only be missing."""
    draw, plan = random.Random(seed), draw_plant(2 * seed, joins_sites=seed % 3 == 0)
    before, less = assessed(plan), plan.copy()
    table = draw.choice([name for name in EVIDENCE if less.rows.get(name)])
    lost = less.rows[table].pop(draw.randrange(len(less.rows[table])))

    after = assessed(less)

    columns = ("recorded_level", "achievable_on_cables", "achievable_on_spans")
    was, now = of_sites(before), of_sites(after)
    for site in now:
        for column in columns:
            better = now[site][column] in PASSING and was[site][column] not in PASSING
            assert not better, (table, lost, site, column)
    assert_no_more_marks(before, after)


#: What is told as seen from A, and so is another thing seen from B.
SEEN_FROM_A = {
    "site_id", "b_id", "first_common_point", "distance_from_a_m", "reason", "missing_records",
    "single_route_m", "level_access_a", "level_uplink", "level_intra", "level_inter",
    "level_access_b",
}  # fmt: skip


def both_ways(seed, tolerance_m):
    """Assessments of circuits between sites, and of the same with A and B exchanged."""
    plan = draw_plant(seed, joins_sites=True)
    for row in plan.rows["circuits"]:
        row["b2_id"] = None
        if row["group_id"]:  # a group needs one A end, whichever end that is
            row["group_id"] += "-".join(sorted((row["a_id"], row["b_id"]))) + row["a_id"]
    back = plan.copy()
    for row in back.rows["circuits"]:
        row["a_id"], row["b_id"] = row["b_id"], row["a_id"]
    for row in back.rows["circuit_links"]:
        row["seq"] = 100 - row["seq"]
    rules = replace(OPTIONS.rules, entry_tolerance_m=tolerance_m)
    options = ng.Options(search_seconds=0, rules=rules)
    return [ng.assess(each.inventory(), options) for each in (plan, back)]


def all_in_common(assessment):
    """What each circuit or group shares, tolerated or not, and the level of that."""
    audit, found = assessment.audit, {}
    for verdict in audit.verdicts:
        elements = (*verdict.shared, *verdict.tolerated)
        level = worst(LEVEL_OF_KIND[audit.kind[element]] for element in elements)
        found[verdict.circuits] = named(audit, elements), level
    return found


def forgiven_circuits(assessment):
    """Circuits of which, or of whose group, something is tolerated."""
    audit = assessment.audit
    ids = audit.network.circuits.ids
    return {str(ids[c]) for v in audit.verdicts if v.tolerated for c in v.circuits}


def searched_both_ways(assessment, *, is_turned):
    """What searches say of two places, but for where it is."""
    ids, found = assessment.audit.network.places.ids, {}
    for layer, of_sites in assessment.achievable.answers.items():
        for place, answers in of_sites.items():
            for answer in answers:
                ends = [str(ids[place]), *(str(ids[end]) for end in answer.b_ends)]
                about = layer, *(ends[::-1] if is_turned else ends), len(answer.routes_to)
                found[about] = (
                    answer.level, answer.is_connected, answer.is_disjoint_otherwise,
                    answer.is_shortest, str(round(answer.total_m, 6)), len(answer.shared),
                    len(answer.unavoidable),
                )  # fmt: skip
    return found


@pytest.mark.parametrize("tolerance_m", [0.0, 50.0, 90.0])
@pytest.mark.parametrize("seed", [3, 8])
def test_circuits_read_from_b_to_a_differ_in_what_is_seen_from_a_and_forgiven_there_only(
    seed, tolerance_m
):
    """The entry tolerance holds at A: what is near B only counts, until that end is A."""
    there, back = both_ways(seed, tolerance_m)

    assert all_in_common(there) == all_in_common(back)
    forgiven = forgiven_circuits(there) | forgiven_circuits(back)
    names = table_specs()["circuits"].names
    told = [
        {row[0]: dict(zip(names, row, strict=True)) for row in each.rows("circuits")}
        for each in (there, back)
    ]
    assert told[0].keys() == told[1].keys()
    n_same = 0
    for circuit in told[0].keys() - forgiven:
        for column in set(names) - SEEN_FROM_A:
            assert str(told[0][circuit][column]) == str(told[1][circuit][column]), column
            n_same += 1
    assert n_same
    if tolerance_m == 0.0:
        assert not forgiven
        answers = searched_both_ways(there, is_turned=False)
        assert answers == searched_both_ways(back, is_turned=True)
        assert answers


def of_sites(assessment):
    columns = table_specs()["sites"].names
    return {row[0]: dict(zip(columns, row, strict=True)) for row in assessment.rows("sites")}


def assert_no_more_marks(before, after):
    was, now = of_sites(before), of_sites(after)
    for site in now:
        assert (now[site]["score"] or 0.0) <= (was[site]["score"] or 0.0) + 1e-9, site
