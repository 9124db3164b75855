"""Plans on random plants with shared trenches, risk groups, buildings and records missing."""

from __future__ import annotations

import random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from netgraph.diversity.levels import PASSING
from netgraph.upgrades.protection import PlantPrices, plan_protection
from tests.random_plants import draw_plant
from tests.upgrades.protection.on_paper import audit_after, levels_of_sites

PRICES = PlantPrices({"duct": 70_000.0}, {"duct": 16_000.0})


def with_corridors(seed: int):
    """Draw a plant with one circuit a site, and corridors between its points."""
    drawn, plan = random.Random(seed), draw_plant(seed)
    points = [row["id"] for table in ("offices", "sites", "structures") for row in plan.rows[table]]
    for n in range(12):
        a, b = drawn.sample(points, 2)
        length_m = float(drawn.randint(10, 2000))
        plan.add("corridors", id=f"c{n}", from_id=a, to_id=b, medium="duct", length_m=length_m)
    first_of = {row["a_id"]: row["id"] for row in reversed(plan.rows["circuits"])}
    for table, column in (("circuits", "id"), ("circuit_links", "circuit_id")):
        kept = [row for row in plan.rows[table] if row[column] in first_of.values()]
        plan.rows[table] = kept
    return plan


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
# The work of one site takes a new cable of another's.
@example(seed=242, price_existing=True)
# A risk group takes one of two centres, and the route to the other.
@example(seed=491, price_existing=True)
def test_a_site_that_a_plan_calls_protected_reads_diverse_when_it_is_built(seed, price_existing):
    audit = with_corridors(seed).audit()
    network = audit.network
    sites = sorted(set(network.circuits.a.tolist()) - {-1})
    plan = plan_protection(network, audit, sites, PRICES, price_existing=price_existing)
    # Where a plan had to be repaired next to a site, the bound is that from before the repair.
    assert plan.is_proven or plan.lower_bound_yuan < plan.cost_yuan
    assert plan.lower_bound_yuan <= plan.cost_yuan
    after = audit_after(network, plan)
    served = {r.site_id for p in plan.proposals for r in p.work.routes} & set(plan.protected)
    for site, level in levels_of_sites(after, sorted(served)).items():
        assert level in {name.value for name in PASSING}, site
