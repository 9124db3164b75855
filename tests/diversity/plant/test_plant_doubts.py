"""Members of risk groups that the records do not know: no pair is called that they could deny."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from risky_plants import risk_tables, risky_plants

from netgraph.diversity.plant.assess import assess_plant
from netgraph.diversity.plant.risks import plant_risk_rows
from netgraph.diversity.plant.routes import many_routes_rows

UNKNOWN = "no such thing"


@pytest.fixture
def three_ways(plant):
    """Three ways from A to K, the third one the longest.

    ::

           B
         /   \\
        A - C - K
         \\   /
           D
    """
    nodes = {"A": (0, 0), "B": (100, 100), "C": (100, 0), "D": (100, -300), "K": (200, 0)}
    spans = [(name, *name.split(), {}) for name in ("A B", "B K", "A C", "C K", "A D", "D K")]

    def build(*members, **more):
        network = plant(nodes, spans, **risk_tables(members, **more))
        return assess_plant(network, ["K"])

    return build


def row_of(answer, node="A"):
    return next(row for row in plant_risk_rows(answer) if row.node_id == node)


def rules_of(answer):
    return {(finding.rule, finding.table) for finding in answer.findings}


def test_a_pair_is_found_clear_of_a_group_of_which_a_member_is_not_known(three_ways):
    """R has B-K and something lost: it may be C-K. The pair by C and D meets nothing of R."""
    answer = three_ways(("R", "spans", "B K"), ("R", "spans", "C KK"))
    row = row_of(answer)

    assert row.risk_verdict == "pair"
    assert row.risk_pair_m == pytest.approx(200 + 2 * math.hypot(100, 300))
    assert row.unavoidable_risks == row.least_shared_risks == ()
    assert ("ND920", "risk_members") in rules_of(answer)


def test_nothing_is_proven_where_each_pair_meets_a_group_with_a_lost_member(three_ways):
    members = [(risk, "spans", name) for risk, name in zip("QR", ("B K", "C K"), strict=True)]
    lost = [(risk, "spans", UNKNOWN) for risk in "QR"]
    row = row_of(three_ways(*members, *lost))

    assert row.risk_verdict == "unproven"
    assert row.risk_pair_m is row.unavoidable_risks is row.least_shared_risks is None


def test_two_lost_members_of_one_group_may_be_on_any_two_routes(three_ways):
    lost = [("R", "spans", "E K"), ("R", "spans", "F K")]

    assert row_of(three_ways(*lost)).risk_verdict == "unproven"
    assert row_of(three_ways(*lost[:1])).risk_verdict == "pair"
    assert row_of(three_ways(lost[0], ("Q", *lost[1][1:]))).risk_verdict == "pair"


def test_a_member_of_an_unknown_table_is_lost_and_so_is_one_of_another_table(three_ways):
    met = ("R", "spans", "B K"), ("Q", "spans", "C K")
    for table in ("structure", "offices", "links"):
        lost = [(risk, table, "D") for risk in "QR"]
        assert row_of(three_ways(*met, *lost)).risk_verdict == "unproven"


def test_a_member_that_stands_elsewhere_than_in_nodes_and_spans_is_not_lost(plant):
    """Two ways from A to K by B and C; R holds A-B and a device: nothing else fails with A-B."""
    nodes = {"A": (0, 0), "B": (100, 100), "C": (100, -100), "K": (200, 0)}
    spans = [(name, *name.split(), {}) for name in ("A B", "B K", "A C", "C K")]
    equipment = {"id": ["E"], "location_id": ["K"], "kind": ["otn"]}
    members = [("R", "spans", "A B"), ("R", "equipment", "E")]
    network = plant(nodes, spans, equipment=equipment, **risk_tables(members))

    assert row_of(assess_plant(network, ["K"])).risk_verdict == "pair"


def test_what_fails_with_a_member_of_an_unrecorded_group_is_not_known(three_ways):
    """Q and R are one group, say, written in two ways."""
    members = [("Q", "spans", "B K"), ("R", "spans", "C K")]
    answer = three_ways(*members, unrecorded="QR")

    assert row_of(answer).risk_verdict == "unproven"
    assert {("ND920", "risk_members")} <= rules_of(answer)
    assert row_of(three_ways(*members)).risk_verdict == "pair"


def test_what_is_known_may_prove_that_there_is_no_pair(three_ways):
    members = [("R", "spans", name) for name in ("B K", "C K", "D K", UNKNOWN)]
    row = row_of(three_ways(*members))

    assert row.risk_verdict == "none"
    assert row.unavoidable_risks == ("R",)
    assert row.least_shared_risks is None, "the lost member may be on what the routes share"


def test_three_routes_are_not_proven_where_one_meets_a_group_with_a_lost_member(three_ways):
    members = [("R", "spans", "B K"), ("R", "spans", UNKNOWN)]
    verdicts = [
        next(row for row in many_routes_rows(three_ways(*members), k) if row.node_id == "A")
        for k in (2, 3)
    ]

    assert [row.k_risk_verdict for row in verdicts] == ["routes", "unproven"]
    assert verdicts[1].k_risk_routes_m is None


def test_what_fails_with_one_of_two_centres_is_not_known_either(plant):
    """K - A - J: one way to each of two centres; R holds K and something lost, J perhaps."""
    nodes = {"K": (0, 0), "A": (100, 0), "J": (200, 0)}
    spans = [(name, *name.split(), {}) for name in ("A K", "A J")]
    members = [("R", "structures", "K"), ("R", "structures", UNKNOWN)]
    answer = assess_plant(plant(nodes, spans, **risk_tables(members)), ["K", "J"])

    assert row_of(answer).risk_verdict == "unproven"


def test_two_routes_to_one_of_two_centres_may_share_what_nobody_knows(plant):
    """Two ways lead from A to K, one to J; something lost is at risk: K, perhaps.

    ::

          B
         / \\
        K   A --- J
         \\ /
          C
    """
    nodes = {"K": (0, 0), "B": (100, 100), "C": (100, -100), "A": (200, 0), "J": (900, 0)}
    ways = ("A B", "B K", "A C", "C K")
    lost = risk_tables([("R", "structures", UNKNOWN)])
    verdicts = {}
    for more in ((), ("A J",)):
        spans = [(name, *name.split(), {}) for name in (*ways, *more)]
        for centres in (("K",), ("K", "J")):
            row = row_of(assess_plant(plant(nodes, spans, **lost), centres))
            verdicts[len(more), len(centres)] = row.risk_verdict, row.risk_pair_m

    side = math.hypot(100, 100)
    assert verdicts == {
        (0, 1): ("pair", pytest.approx(4 * side)),
        (0, 2): ("unproven", None),
        (1, 1): ("pair", pytest.approx(4 * side)),
        (1, 2): ("pair", pytest.approx(2 * side + 700)),
    }


@pytest.mark.parametrize(
    ("table", "element", "verdict"),
    [("spans", UNKNOWN, "pair"), ("spans", "K", "unproven"), ("structure", UNKNOWN, "unproven")],
)
def test_a_lost_span_is_no_centre_unless_its_id_is_one(plant, table, element, verdict):
    """Two ways lead from A to K, and none to J.

    ::

          B
         / \\
        K   A     J
         \\ /
          C
    """
    nodes = {"K": (0, 0), "B": (100, 100), "C": (100, -100), "A": (200, 0), "J": (900, 0)}
    spans = [(name, *name.split(), {}) for name in ("A B", "B K", "A C", "C K")]
    lost = risk_tables([("R", table, element)])

    assert row_of(assess_plant(plant(nodes, spans, **lost), ["K", "J"])).risk_verdict == verdict


def test_a_span_that_is_recorded_twice_is_at_the_risk_of_either_row(plant):
    """Two ways from A to K; R holds the second row of A-B, which is the same line, and C-K."""
    nodes = {"A": (0, 0), "B": (100, 100), "C": (100, -100), "K": (200, 0)}
    line = {"geometry": "LINESTRING (0 0, 100 100)"}
    spans = [(name, *name.split(), {}) for name in ("B K", "A C", "C K")]
    spans += [("A B", "A", "B", line), ("again", "A", "B", line | {"trench_id": None})]
    members = [("R", "spans", "again"), ("R", "spans", "C K")]
    answer = assess_plant(plant(nodes, spans, **risk_tables(members)), ["K"])

    assert answer.network.spans.duplicate_of.max() >= 0
    assert row_of(answer).risk_verdict == "none"
    assert row_of(answer).unavoidable_risks == ("R",)


def test_a_member_is_looked_up_in_its_own_table(plant):
    """A site and a manhole have the same id S on two ways to K; R holds the site and C-K."""
    nodes = {"A": (0, 0), "S": (100, 100), "C": (100, -100), "K": (200, 0)}
    spans = [(name, *name.split(), {}) for name in ("A S", "S K", "A C", "C K")]
    structures = {
        "id": list(nodes), "kind": ["manhole"] * 4,
        "lon": [float(x) for x, _ in nodes.values()],
        "lat": [float(y) for _, y in nodes.values()],
    }  # fmt: skip
    members = [("R", "sites", "S"), ("R", "spans", "C K")]
    tables = {"structures": structures, **risk_tables(members)}

    assert row_of(assess_plant(plant(nodes, spans, **tables), ["K"])).risk_verdict == "pair"


#: Twice, so that they are drawn as often as what is known.
_LOST = [("spans", "lost 1"), ("structures", "lost 2")] * 2


@settings(max_examples=80, deadline=None)
@given(risky_plants(["R1", "R2"], most=6, lost=_LOST), st.sampled_from([["N0"], ["N0", "N1"]]))
def test_a_pair_stands_whatever_the_lost_members_are(plant, drawn, centres):
    """Against all pairs of routes, with the lost members put at every place in turn."""
    names, spans, members = drawn
    nodes = {name: (10 * number, 0) for number, name in enumerate(names)}
    answer = assess_plant(plant(nodes, spans, **risk_tables(members)), centres)

    graph = nx.Graph()
    graph.add_nodes_from(names)
    graph.add_weighted_edges_from((a, b, more["length_m"]) for _, a, b, more in spans)
    places = [name for name, *_ in spans] + names
    groups = [_possible_sets(members, risk, places, centres) for risk in ("R1", "R2")]
    for row in plant_risk_rows(answer, seconds=0):
        if not any(nx.has_path(graph, row.node_id, centre) for centre in centres):
            continue
        known, sure = [], []
        for length_m, one, other in _pairs(graph, row.node_id, centres):
            meets = [[bool(one & each and other & each) for each in group] for group in groups]
            if not any(_known_meets(members, risk, one, other) for risk in ("R1", "R2")):
                known.append(length_m)
                if not any(any(each) for each in meets):
                    sure.append(length_m)
        verdict = "pair" if sure else "unproven" if known else "none"
        assert row.risk_verdict == verdict, row
        assert row.risk_pair_m == (min(sure) if sure else None)


def _possible_sets(members, risk, places, centres):
    """All that a group may hold: each lost member anywhere, but a lost span is no centre."""
    lost = {table for each, table, element in members if each == risk and "lost" in element}
    choices = [set(places) - (set(centres) if table == "spans" else set()) for table in lost]
    return [_known(members, risk) | set(some) for some in itertools.product(*choices)]


def _known(members, risk):
    return {element for each, _, element in members if each == risk and "lost" not in element}


def _known_meets(members, risk, one, other):
    known = _known(members, risk)
    return bool(one & known and other & known)


def _pairs(graph, source, centres):
    """Metres and elements of all pairs of routes that share no span and no node on the way.

    Where there are several centres, that at which a route ends is one of its elements.
    """
    routes = []
    for centre in centres:
        inner = graph.subgraph({*graph} - {*centres} | {centre})
        for path in nx.all_simple_paths(inner, source, centre):
            used = {*path[1:-1], *(" ".join(sorted(ends)) for ends in itertools.pairwise(path))}
            end = {centre for _ in centres[1:]}
            routes.append((nx.path_weight(graph, path, "weight"), used, used | end))
    for (one_m, used, one), (other_m, others, other) in itertools.combinations(routes, 2):
        if not used & others:
            yield one_m + other_m, one, other
