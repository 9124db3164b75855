"""Two to four routes in small inventories, against every set of routes told from the raw rows."""

from __future__ import annotations

import collections
import itertools
import math
import random

import networkx as nx
import pytest
from builders import PlantBuilder

from netgraph.diversity.plant.assess import assess_plant
from netgraph.diversity.plant.risks import plant_risk_rows
from netgraph.diversity.plant.routes import many_routes_rows
from netgraph.inventory.plant import plant_network_from_inventory

CENTRES = {"K", "J"}
MOST_ROUTES = 60


def draw(seed):
    """Two centres, an office, a site and four points; parallel spans, and things that coincide.

    Some spans are retired or run from a point to itself; trenches and risk groups hold several.
    """
    rng, plan = random.Random(seed), PlantBuilder()
    plan.office("K").office("J").office("O", "access").site("S")
    points = [f"m{n}" for n in range(4)]
    for point in points:
        plan.structure(point, status="retired" if rng.random() < 0.05 else "in_service")
    around = [*points, *points, "O", "S", "K", "J"]
    for n in range(rng.randint(10, 15)):
        a, b = rng.choice(around), rng.choice(around)
        if n < 8:  # the site and the centres have several ways out
            a, b = ("S", points[n]) if n < 4 else (rng.choice("KJ"), points[n - 4])
        trench = rng.choice([None, f"T{n}", f"T{n}", f"T{n}", "T-a", "T-b"])
        status = "retired" if rng.random() < 0.05 else "in_service"
        plan.span(f"p{n}", a, b, length_m=float(rng.randint(1, 9)), trench_id=trench, status=status)
    things = [f"spans:{row['id']}" for row in plan.rows["spans"]]
    things += [*(f"structures:{point}" for point in points), "offices:O", "sites:S"]
    things += ["offices:K", "offices:J"] * 2
    for n in range(rng.choice([1, 1, 2])):
        plan.risk(f"r{n}", *rng.sample(things, rng.choice([2, 2, 3])))
    return plan


class Oracle:
    """The routes of an inventory, from its rows alone.

    The centres are one place, but a route is lost with what the one at which it ends shares.
    """

    def __init__(self, plan):
        rows = plan.rows
        places = {r["id"]: r for t in ("offices", "sites", "structures") for r in rows[t]}
        alive = {i for i, r in places.items() if r.get("status", "in_service") == "in_service"}
        bundles = collections.defaultdict(list)
        for span in rows["spans"]:
            ends = {"*" if e in CENTRES else e for e in (span["from_id"], span["to_id"])}
            both = frozenset((span["from_id"], span["to_id"]))
            if span["status"] == "in_service" and both <= alive and len(ends) == 2:
                bundles[both].append(span)
        self.graph, self.risks_of = nx.MultiGraph(), collections.defaultdict(set)
        self.graph.add_nodes_from({"*", *places} - CENTRES)
        for ends, spans in bundles.items():
            # Shown apart only by two different trenches: all else between two points is one way.
            apart = {s["trench_id"] for s in spans}
            ways = [[s for s in spans if s["trench_id"] == t] for t in apart]
            ways = [spans] if None in apart else ways
            a, b = ("*" if end in CENTRES else end for end in ends)
            centre = ends & CENTRES
            for way in ways:
                key = tuple(sorted(s["id"] for s in way))
                length_m = min(s["length_m"] for s in way)
                self.graph.add_edge(a, b, key=key, length_m=length_m, centre=centre)
        trenches = collections.defaultdict(set)
        for span in rows["spans"]:
            if span["trench_id"]:
                trenches[span["trench_id"]].add(span["id"])
        for trench, spans in trenches.items():
            for span in spans if len(spans) > 1 else ():
                self.risks_of[span].add(f"trench {trench}")
        for row in rows["risk_members"]:
            self.risks_of[row["element_id"]].add(row["risk_id"])

    def routes(self, source):
        """Every route to a centre: length, spans and places on the way, risks, links.

        None runs through the premises of a customer.
        """
        inner = self.graph.subgraph({*self.graph} - {"S"} | {source})
        for way in nx.all_simple_edge_paths(inner, source, "*"):
            length_m = sum(self.graph.edges[edge]["length_m"] for edge in way)
            passed = {key for _, _, key in way} | {b for _, b, _ in way[:-1]}
            spans = set(itertools.chain(*(key for _, _, key in way)))
            things = spans | {b for _, b, _ in way[:-1]} | self.graph.edges[way[-1]]["centre"]
            risks = set().union(*(self.risks_of[x] for x in things))
            links = {("link", key) for _, _, key in way}
            yield length_m, passed, risks, links

    def best(self, source, k, shared):
        """Least metres of k routes of which no two share what is asked; infinite without."""
        routes = list(self.routes(source))
        clash = [[bool(shared(a) & shared(b)) for b in routes] for a in routes]

        def least(chosen, start):
            if len(chosen) == k:
                return sum(routes[i][0] for i in chosen)
            return min(
                (
                    least([*chosen, i], i + 1)
                    for i in range(start, len(routes))
                    if not any(clash[i][j] for j in chosen)
                ),
                default=math.inf,
            )

        return least([], 0)


def by_link(route):
    return route[3]


def by_node(route):
    return route[1]


def by_risk(route):
    return route[1] | route[2]


@pytest.mark.parametrize("seed", range(60))
def test_k_routes_are_the_best_of_all_sets_of_routes(seed):
    plan = draw(seed)
    oracle = Oracle(plan)
    answer = assess_plant(plant_network_from_inventory(plan.inventory()), sorted(CENTRES))
    pairs = {row.node_id: row for row in plant_risk_rows(answer, seconds=0)}
    for k in (2, 3, 4):
        rows = {row.node_id: row for row in many_routes_rows(answer, k, seconds=0)}
        for node in ("S", "O", "m0"):
            n_routes = len([*oracle.routes(node)])
            assert (n_routes > 0) == (node in rows), (seed, node)
            if not 0 < n_routes <= MOST_ROUTES:
                continue
            row, about = rows[node], (seed, k, node)
            links, nodes, risky = (
                oracle.best(node, k, shared) for shared in (by_link, by_node, by_risk)
            )
            assert (row.link_disjoint_up_to_k == k) == math.isfinite(links), about
            assert (row.node_disjoint_up_to_k == k) == math.isfinite(nodes), about
            assert row.k_node_routes_m == (nodes if math.isfinite(nodes) else None), about
            assert row.k_risk_verdict == ("routes" if math.isfinite(risky) else "none"), about
            assert row.k_risk_routes_m == (risky if math.isfinite(risky) else None), about
            if k == 2:
                assert pairs[node].risk_verdict == ("pair" if math.isfinite(risky) else "none")


def test_the_draws_have_sites_with_three_and_four_routes_and_without():
    """Else the comparison would show little."""
    found = collections.Counter(
        (k, math.isfinite(oracle.best("S", k, by_risk)))
        for oracle in map(Oracle, map(draw, range(60)))
        for k in (3, 4)
        if 0 < len([*oracle.routes("S")]) <= MOST_ROUTES
    )

    assert min(found[k, is_found] for k in (3, 4) for is_found in (True, False)) >= 5
