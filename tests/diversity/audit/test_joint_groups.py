"""What groups of circuits with three and more routes could have, judged on what all share."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, replace

import pytest
from achievable_oracle import PlantOfSite
from best_pair_oracle import draw_small
from builders import PlantBuilder, named

from netgraph.diversity.achievable.demands import find_joint_demands
from netgraph.diversity.achievable.find import UNPROVEN, find_achievable
from netgraph.diversity.certificates import as_plain, certify
from netgraph.diversity.rules import load_rules
from netgraph.verify.run import Certificates

OPEN = {UNPROVEN, "undecidable"}


@pytest.fixture
def three_ways():
    """Every two of three ways share a flood zone, and no zone takes all three circuits of G.

    ::

              .--- a ---.         zone ab: a, b
        S ----+--- b ---+---- K   zone bc: b, c
              '--- c ---'         zone ac: a, c
    """
    return flooded(ways_by("abc"), "ab", "bc", "ac")


def ways_by(points, **centre_of):
    """A way of its own by each point to K, or to another centre, and a circuit of G on each."""
    plan = PlantBuilder().site("S").office("K")
    for centre in sorted({*centre_of.values()}):
        plan.office(centre)
    for number, point in enumerate(points):
        centre = centre_of.get(point, "K")
        plan.way(point, f"S {point} {centre}")
        plan.circuit(f"x{number}", "S", centre, point, group_id="G", protection="none")
    return plan


def flooded(plan, *zones):
    for zone in zones:
        plan.risk(zone, *(f"structures:{point}" for point in zone))
    return plan


def answers_of(plan, rules=None, **options):
    audit = plan.audit(rules or load_rules())
    found = find_achievable(audit, **{"seconds": 0, **options})
    ids = audit.network.places.ids.tolist()
    answers = {
        (name, ids[place], tuple(sorted(tuple(ids[e] for e in to) for to in answer.routes_to))): (
            answer
        )
        for name, of_site in found.answers.items()
        for place, some in of_site.items()
        for answer in some
    }
    return audit, found, answers


def accepted(plan, audit, found):
    """Levels that the checker accepts; it refuses nothing."""
    lines = [as_plain(line) for line in certify(audit, found)]
    checker = held(plan, audit, lines)
    assert checker.refused == []
    return lines, checker.proven.levels


def held(plan, audit, lines):
    checker = Certificates(plan.inventory(), asdict(audit.rules))
    for number, line in enumerate(lines, start=1):
        checker.take(number, json.dumps(line))
    return checker


def test_three_circuits_that_overlap_two_by_two_are_diverse_as_recorded_and_as_achievable(
    three_ways,
):
    audit, found, answers = answers_of(three_ways)

    assert audit.of_group(0).level == "diverse"
    assert len(answers) == 2
    for (layer, site, routes_to), answer in answers.items():
        assert (answer.level, answer.shared, len(answer.routes)) == ("diverse", (), 3)
        assert answer.is_disjoint_otherwise
        assert answer.is_shortest
        assert answer.total_m == 3000.0
        about = (layer, f"sites:{site}", site, "K", "routes", "K", "K", "K")
        assert routes_to == (("K",), ("K",), ("K",))
        assert accepted(three_ways, audit, found)[1][about] == "diverse"


def test_two_circuits_of_a_group_are_asked_for_two_routes_and_one_alone_as_well(three_ways):
    """X, outside the group, asks for two routes to the same centre: the site is as bad as these."""
    plan = three_ways.circuit("X", "S", "K", "a", protection="none")
    audit, found, answers = answers_of(plan)

    levels = {(layer, len(to)): answer.level for (layer, _, to), answer in answers.items()}
    assert levels == {
        (layer, n): level
        for layer in ("cables", "spans")
        for n, level in ((0, "same_risk_group"), (3, "diverse"))
    }
    assert {best.on_spans for best in found.by_place.values()} == {"same_risk_group"}
    accepted(plan, audit, found)


def test_what_takes_all_three_is_shared_and_the_fewest_of_it():
    """Zones take two by two and one all three: that one cannot be avoided; nothing else is left."""
    audit, _, answers = answers_of(flooded(ways_by("abc"), "ab", "bc", "ac", "abc"))

    for answer in answers.values():
        assert named(audit, answer.shared) == {("risk", "abc")}
        assert named(audit, answer.unavoidable) == {("risk", "abc")}
        assert (answer.level, answer.is_disjoint_otherwise) == ("same_risk_group", True)


def test_four_routes_escape_what_three_cannot():
    """Every three of four ways share a zone. Five circuits are searched for four routes."""
    zones = ("abc", "abd", "acd", "bcd")
    for points, n_routes, level in (("abcd", 4, "diverse"), ("abcd a", 4, "diverse")):
        plan = ways_by(points.split()[0])
        for number, point in enumerate(points.split()[1:]):
            plan.circuit(f"more{number}", "S", "K", point, group_id="G", protection="none")
        audit, found, answers = answers_of(flooded(plan, *zones))
        assert {(a.level, len(a.routes_to)) for a in answers.values()} == {(level, n_routes)}
        accepted(plan, audit, found)

    three = flooded(ways_by("abcd"), *zones)
    three.rows["circuits"].pop()
    _, _, answers = answers_of(three)
    assert {answer.level for answer in answers.values()} == {"same_risk_group"}


def test_routes_go_where_their_circuits_do():
    """One circuit alone ends at J: only one of the routes goes there, by b.

    ::

        S --- a --- K      zone ab: a, b
        S --- b --- J      zone bc: b, c
        S --- c --- K      zone ac: a, c
    """
    plan = flooded(ways_by("abc", b="J"), "ab", "bc", "ac")
    audit, found, answers = answers_of(plan)
    assert {answer.level for answer in answers.values()} == {"diverse"}
    accepted(plan, audit, found)


def test_two_ways_to_one_centre_are_of_no_use_to_circuits_that_end_at_another():
    """Two of the circuits end at K, to which only a leads; b and d lead to J, where one ends."""
    plan = flooded(ways_by("abd", b="J", d="J"), "ab", "ad", "bd")
    plan.rows["circuits"][2]["b_id"] = "K"
    audit, found, answers = answers_of(plan)
    assert {answer.level for answer in answers.values()} == {"same_risk_group"}
    lines, _ = accepted(plan, audit, found)

    line = next(line for line in lines if line.get("question") == "cables" and "claim" in line)
    nothing = {**line["claim"], "level": "diverse", "shared": (), "own_ends": ["sites:S"]}
    by_all = {"verdict": "diverse", "claim": nothing, "routes": [{"passed": [w]} for w in "abd"]}
    (reason,) = held(plan, audit, [*ways_of(lines), {**line, **by_all}]).refused
    assert "no circuits of S can take 3 such routes" in reason


def ways_of(lines):
    return [line for line in lines if line["kind"] == "way"]


@pytest.mark.parametrize("change", [
    {"routes_to": []}, {"routes_to": [["K"], ["K"]]},
    {"routes": [{"passed": ["a"]}, {"passed": ["b"]}]},
    {"routes": [{"passed": [way]} for way in "abca"]},
])  # fmt: skip
def test_the_checker_refuses_other_routes_than_those_of_the_group(three_ways, change):
    audit, found, _ = answers_of(three_ways)
    lines, _ = accepted(three_ways, audit, found)
    (line,) = (line for line in lines if line.get("question") == "cables")

    checker = held(three_ways, audit, [*ways_of(lines), {**line, **change}])

    assert len(checker.refused) == 1
    assert not checker.proven.levels


def test_two_protected_circuits_have_four_routes_between_them():
    """Every three of four ways share a zone; each of two circuits takes one way and has another.

    As recorded, no zone takes both circuits. Any two ways share a zone, and so do any three.
    """
    zones = ("abc", "abd", "acd", "bcd")
    plan = flooded(ways_by("abcd"), *zones)
    del plan.rows["circuits"][2:]
    for circuit, way in (("x0", "c"), ("x1", "d")):
        plan.change("circuits", circuit, protection="path").route(circuit, "protect", way)
    audit, found, answers = answers_of(plan)
    assert audit.of_group(0).level == "diverse"
    assert {(a.level, len(a.routes)) for a in answers.values()} == {("diverse", 4)}
    levels = accepted(plan, audit, found)[1]
    assert [level for about, level in levels.items() if "routes" in about] == ["diverse"] * 2

    plan.change("circuits", "x1", protection="none")
    plan.rows["circuit_links"] = [r for r in plan.rows["circuit_links"] if r["link_id"] != "d"]
    audit, found, answers = answers_of(plan)
    assert audit.of_group(0).level == "same_risk_group"
    assert {(a.level, len(a.routes_to)) for a in answers.values()} == {("same_risk_group", 3)}
    accepted(plan, audit, found)


def test_circuits_to_the_premises_of_three_head_sites_are_searched_for_three_routes():
    """Each circuit ends at another site, and no route may pass through one on its way.

    ::

        S --- a --- H      zone ab: a, b
        S --- b --- I      zone bc: b, c
        S --- c --- J      zone ac: a, c        H --- I --- J: spans through the premises of I
    """
    plan = PlantBuilder().site("S")
    for number, (point, head) in enumerate(zip("abc", "HIJ", strict=True)):
        plan.site(head).way(point, f"S {point} {head}")
        plan.circuit(f"x{number}", "S", head, point, group_id="G", protection="none")
    plan.way("through", "H I J", 10.0)
    audit, found, answers = answers_of(flooded(plan, "ab", "bc", "ac"))
    assert audit.of_group(0).level == "diverse"
    assert {answer.level for answer in answers.values()} == {"diverse"}
    accepted(plan, audit, found)

    flooded(plan, "abc")
    audit, found, answers = answers_of(plan)
    assert {answer.level for answer in answers.values()} == {"same_risk_group"}
    for answer in answers.values():
        assert named(audit, answer.shared) == {("risk", "abc")}


def test_without_time_the_rest_is_unproven_with_its_bound():
    """Three zones of three ways each of which at least one takes all: a search has to prove it."""
    plan = flooded(ways_by("abcde"), "abc", "cde", "ade", "bde", "abd", "ace", "bcd")
    plan.rows["circuits"] = plan.rows["circuits"][:3]
    _, _, at_once = answers_of(plan, seconds=1e-9)
    _, _, at_last = answers_of(plan)
    for about, answer in at_last.items():
        assert answer.level != UNPROVEN
        early = at_once.get(about) or at_once[*about[:2], ()]
        assert early.level in {UNPROVEN, answer.level}
        if early.search is not None:
            assert early.search.lower_bound <= early.search.shared_weight


# Against every choice of routes ------------------------------------------------------------------


def draw_groups(seed):
    """Two sites with groups of three or four circuits to one or two centres; more risk groups."""
    draw, plan = random.Random(seed), draw_small(seed, has_groups=seed % 2 == 0)
    spans = [row["id"] for row in plan.rows["spans"]]
    cables = [row["id"] for row in plan.rows["cables"]]
    for site in "ST":
        for n in range(2, draw.choice([3, 4])):
            centre = draw.choice("KJ")
            plan.link(f"l{site}{n}", site, centre, draw.sample(cables, 2))
            plan.circuit(f"x{site}{n}", site, centre, f"l{site}{n}")
        both = draw.random() < 0.4
        for row in plan.rows["circuits"]:
            if row["a_id"] == site:
                centre = row["b_id"] if both else "K"
                row.update(group_id=f"G{site}", b_id=centre, b2_id=None)
                if both and draw.random() < 0.3:
                    row["b2_id"] = "J" if centre == "K" else "K"
    points = [row["id"] for row in plan.rows["structures"]]
    for n in range(draw.randrange(2, 6)):
        some = [f"spans:{s}" for s in spans] + [f"structures:{m}" for m in points]
        plan.risk(f"more{n}", *draw.sample(some, draw.choice([2, 3])))
    return plan


def draw_zones(seed):
    """Four or five ways, a group on three or four of them, and zones across any two or three.

    Of every third draw, the group is of two circuits, of which one or both are protected.
    """
    draw = random.Random(seed)
    points = "abcde"[: draw.choice([4, 5])]
    centres = {point: "J" for point in points if draw.random() < 0.2}
    plan = ways_by(points, **centres)
    plan.rows["circuits"] = plan.rows["circuits"][: draw.choice([3, 4])]
    if seed % 3 == 0:
        del plan.rows["circuits"][2:]
        for row in plan.rows["circuits"][: draw.choice([1, 2])]:
            row["protection"] = "path"
    one, other = draw.sample(points, 2)
    plan.span("cross", one, other, length_m=draw.choice([5.0, 200.0]), trench_id="T")
    zones = {"".join(sorted(draw.sample(points, draw.choice([2, 2, 3])))) for _ in range(6)}
    return flooded(plan, *sorted(zones))


def draw_heads(seed):
    """Three or four ways to the premises of two or three head sites, and spans between these."""
    draw, plan = random.Random(seed), PlantBuilder().site("S")
    heads = "HIJ"[: draw.choice([2, 3])]
    for head in heads:
        plan.site(head)
    points = "abcd"[: draw.choice([3, 4])]
    for number, point in enumerate(points):
        head = heads[number % len(heads)]
        plan.way(point, f"S {point} {head}")
        protection = draw.choice(["none", "none", "path"])
        plan.circuit(f"x{number}", "S", head, point, group_id="G", protection=protection)
    for number in range(3):
        ends = draw.sample([*points, *heads], 2)
        plan.way(f"more{number}", " ".join(ends), draw.choice([5.0, 200.0]))
    zones = {"".join(sorted(draw.sample(points, draw.choice([2, 2, 3])))) for _ in range(4)}
    return flooded(plan, *sorted(zones))


def told_of(plan, rules):
    """Every answer to a group's demand with its layer, its site, and what is asked, by id."""
    audit = plan.audit(rules)
    ids = audit.network.places.ids.tolist()
    found = find_achievable(audit, seconds=0)
    for name, of_site in found.answers.items():
        for demand in find_joint_demands(audit, set(of_site)):
            answers = {
                answer.routes_to: answer for answer in of_site[demand.site]
                if (answer.b_ends, answer.parted) == (demand.b_ends, demand.parted)
            }  # fmt: skip
            asked = [[ids[end] for end in some] for some in (demand.b_ends, demand.parted)]
            yield name, ids[demand.site], asked, [
                [ids[end] for end in to] for to in demand.routes_to
            ], answers.get(demand.routes_to) or answers[()]  # fmt: skip
    accepted(plan, audit, found)


def test_no_answer_is_better_or_worse_than_the_best_of_all_choices():
    """Two routes answer for a group only where more of them could not share less."""
    rules, n_joint, n_better, n_open = load_rules(), 0, 0, 0
    draws = [draw_groups] * 7 + [draw_zones] * 14 + [draw_heads] * 12
    for seed, draw in enumerate(draws):
        plan = draw(seed)
        apart = replace(rules, require_two_centres=seed % 5 == 0)
        for name, site, (ends, parted), routes_to, answer in told_of(plan, apart):
            oracle = PlantOfSite(plan.rows, name, site)
            pairs = oracle.pairs(ends, parted)
            joint = oracle.joint(ends, parted, routes_to)
            if pairs is None or joint is None:
                continue
            about = seed, name, site, ends, parted, routes_to, answer.level
            is_diverse = any(not shared for shared in (*pairs, *joint))
            assert (answer.level != "diverse") or is_diverse, about
            assert (answer.level in {*OPEN, "diverse"}) or not is_diverse, about
            if answer.is_connected and answer.level not in OPEN:
                shared = named(plan.audit(apart), answer.shared)
                assert shared in [*pairs, *joint], about
            n_joint += 1
            n_better += is_diverse and all(pairs)
            n_open += answer.level == UNPROVEN
    assert n_joint > 40
    assert n_better > 1
    assert n_open <= 1
