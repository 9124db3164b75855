"""What searched pairs share, against plain sets walked step by step over random plants."""

from __future__ import annotations

import pytest
from builders import PlantBuilder
from random_plants import draw_plant
from searched_walks import Walks

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.levels import Level


@pytest.mark.parametrize("seed", range(40))
def test_what_a_searched_pair_shares_is_what_both_walks_touch(seed):
    audit = draw_plant(seed).audit()
    found = find_achievable(audit, seconds=0)

    for name, answers in found.answers.items():
        for place, demands in answers.items():
            for answer in demands:
                if not len(answer.ways[0]):
                    continue
                walks = Walks(audit, found.layers[name], place)
                shared, tolerated, level = walks.judge(answer.routes, answer.b_ends)
                assert (answer.shared, answer.tolerated) == (shared, tolerated)
                assert answer.level in {level, Level.UNDECIDABLE.value, "unproven"}


def test_two_sites_that_put_the_same_question_get_each_its_own_routes():
    """Both sites hang on A by a duct of their own; the two ways on share a risk group (q, r).

    ::

        S1 --s1-- A --p-- m --q-- K
        S2 --s2-- A --o-- n --r-- K
    """
    plan = PlantBuilder().office("K").office("A").site("S1").site("S2")
    for m in ("m", "n"):
        plan.structure(m)
    for name, a, b in (("s1", "S1", "A"), ("s2", "S2", "A"), ("p", "A", "m"), ("o", "A", "n"),
                       ("q", "m", "K"), ("r", "n", "K")):  # fmt: skip
        plan.span(name, a, b, length_m=1000.0)
        plan.cable(f"c{name}", a, b, name)
    plan.risk("both", "spans:q", "spans:r")
    for site in ("S1", "S2"):
        plan.link(f"l{site}", site, "A", [f"cs{site[1]}"]).circuit(
            f"x{site}", site, "K", f"l{site}"
        )
    audit = plan.audit()
    found = find_achievable(audit, seconds=0)

    spans = audit.network.spans
    for name in ("S1", "S2"):
        place = audit.network.places.ids.tolist().index(name)
        for answer in found.answers["spans"][place]:
            names = [[str(spans.ids[i]) for i in route] for route in answer.routes]
            assert [route[0] for route in names] == [f"s{name[1]}"] * 2
