"""Results of items as columns, and as the values that somebody asks for."""

from __future__ import annotations

import pytest

import netgraph as ng
from netgraph.datasets import example_columns
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.rules import load_rules
from netgraph.scoring import load_scorecard, score_sites
from netgraph.scoring.results import RESULTS
from netgraph.topology import build_network


@pytest.fixture(scope="module")
def audit():
    """Return the audit of the twin ring."""
    return audit_routes(build_network(ng.from_columns(example_columns("twin_ring"))), load_rules())


@pytest.fixture(scope="module")
def scores(audit):
    """Return the scores of all of its sites."""
    return score_sites(audit, load_scorecard())


def told(score):
    """Everything that is said of a site."""
    return {**vars(score), "items": dict(score.items)}


def test_the_columns_say_what_the_items_of_each_site_say(scores):
    columns, names = scores.items.columns(), [item.item_id for item in scores.items.items]
    rows = {}
    for site, item, result, evidence in zip(
        columns.site, columns.item, columns.result, columns.evidence, strict=True
    ):
        place = int(scores.items.places[site])
        rows.setdefault(place, {})[names[item]] = (RESULTS[result], columns.texts[evidence])

    assert rows == {
        place: {
            name: (found.result, ";".join(found.evidence)) for name, found in score.items.items()
        }
        for place, score in scores.by_place.items()
    }


def test_points_are_those_of_the_columns(scores):
    columns = scores.items.columns()
    for number, score in enumerate(scores.by_place.values()):
        mine = columns.site == number
        assert columns.points[mine].sum() == score.raw
        assert columns.marks[mine].sum() == score.full_marks


def test_a_site_scored_alone_scores_the_same(audit, scores):
    for place, score in scores.by_place.items():
        alone = score_sites(audit, load_scorecard(), sites=[place]).by_place
        assert {at: told(found) for at, found in alone.items()} == {place: told(score)}


def test_a_site_knows_only_the_items_of_its_tier(scores):
    card = load_scorecard()
    for score in scores.by_place.values():
        assert list(score.items) == [i.id for i in card.items if i.points.get(score.tier, 0) > 0]
        with pytest.raises(KeyError):
            score.items["no such item"]
