"""Which names are offered where nothing has the one that is traced."""

from __future__ import annotations

import pytest
from builders import PlantBuilder

import netgraph as ng
from netgraph.errors import UsageError
from netgraph.messages import say_message


def plan_of(n_sites):
    """Sites S1, S2, ..., each with a circuit to the centre K and no plant::

    S1 .. K      S2 .. K      S3 .. K
    """
    plan = PlantBuilder().office("K")
    for n in range(1, n_sites + 1):
        plan.site(f"S{n}").circuit(f"circuit-{n}", f"S{n}", "K")
    return plan.inventory()


def refusal(inventory, name):
    with pytest.raises(UsageError) as caught:
        ng.trace(inventory, name)
    return caught.value.problems[0]


def test_every_name_that_is_as_near_is_offered():
    names = ", ".join(f"S{n}" for n in range(1, 7))
    assert refusal(plan_of(6), "S9") == (
        f"There is no circuit or site 'S9'; the nearest are: sites {names}."
    )


def test_of_many_near_names_the_rest_is_counted():
    told = refusal(plan_of(40), "S0")
    assert " and 5 more." in told
    assert "等另外 5 个" in say_message(told, "zh")
