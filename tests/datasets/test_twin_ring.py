"""The small example holds together: it can be read from its picture."""

from __future__ import annotations

import networkx as nx
import pytest

from netgraph.datasets import EXAMPLES, example_columns
from netgraph.errors import UsageError


@pytest.fixture(scope="module")
def columns():
    """The example, drawn in the docstring of netgraph.datasets.twin_ring."""
    return example_columns("twin_ring")


def rows(columns, table):
    names = list(columns[table])
    return [
        dict(zip(names, values, strict=True))
        for values in zip(*columns[table].values(), strict=True)
    ]


def spans_of(columns, site):
    cables = [row["id"] for row in rows(columns, "cables") if row["from_id"] == site]
    return [
        {row["span_id"] for row in rows(columns, "cable_spans") if row["cable_id"] == cable}
        for cable in cables
    ]


def ends(columns, span_ids):
    return {
        place
        for row in rows(columns, "spans")
        if row["id"] in span_ids
        for place in (row["from_id"], row["to_id"])
    }


def test_it_has_a_dozen_places_and_says_that_it_is_invented(columns):
    assert len(columns["offices"]["id"]) + len(columns["sites"]["id"]) == 12
    assert "INVENTED" in columns["inventory"]["notes"][0]


def test_the_links_of_each_ring_system_form_one_cycle(columns):
    for system in columns["systems"]["id"]:
        ring = nx.MultiGraph()
        ring.add_edges_from(
            (row["from_id"], row["to_id"])
            for row in rows(columns, "links")
            if row["system_id"] == system
        )
        assert nx.is_connected(ring)
        assert {degree for _, degree in ring.degree} == {2}


def test_every_route_runs_from_its_site_to_the_centre(columns):
    links = {row["id"]: {row["from_id"], row["to_id"]} for row in rows(columns, "links")}
    routes = {}
    for row in rows(columns, "circuit_links"):
        routes.setdefault((row["circuit_id"], row["role"]), []).append(links[row["link_id"]])
    for circuit in rows(columns, "circuits"):
        for role in ("working", "protect"):
            at = f"NE-{circuit['a_id']}"
            for link in routes.get((circuit["id"], role), []):
                assert at in link
                (at,) = link - {at}
            assert at == "NE-K" or (role, circuit["protection"]) == ("protect", "none")


def test_the_false_ring_shares_a_trench_and_no_point(columns):
    first, second = spans_of(columns, "S2")
    trench = {row["id"]: row["trench_id"] for row in rows(columns, "spans")}
    assert not first & second
    assert ends(columns, first) & ends(columns, second) == {"S2"}
    assert {trench[span] for span in first} & {trench[span] for span in second} == {None, "T-S2"}


def test_the_third_site_shares_one_manhole_and_no_span(columns):
    first, second = spans_of(columns, "S3")
    assert not first & second
    assert ends(columns, first) & ends(columns, second) == {"S3", "X"}


def test_the_fifth_site_has_a_cable_without_spans(columns):
    assert set() in spans_of(columns, "S5")


def test_an_unknown_example_or_option_is_a_usage_error():
    assert "twin_ring" in EXAMPLES
    with pytest.raises(UsageError, match="choose from"):
        example_columns("no_such_example")
    with pytest.raises(UsageError, match="does not take"):
        example_columns("twin_ring", seed=1)
