"""Inventories that lose a record of one route, on which that route may meet what others do.

Each tells what is lost, of whom, and which items had failed as long as the record was there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from builders import PlantBuilder

if TYPE_CHECKING:
    from collections.abc import Callable


class Loss(NamedTuple):
    """A whole inventory, a circuit of it, what takes a record away, and items that fail before."""

    plan: PlantBuilder
    circuit: str
    lose: Callable[[PlantBuilder], object]
    items: tuple[str, ...]


def _lose_cables(plan: PlantBuilder, link: str) -> None:
    rows = plan.rows["link_cables"]
    plan.rows["link_cables"] = [row for row in rows if row["link_id"] != link]


def another_section() -> Loss:
    """The uplink of one route lies in one trench with the access of the other; its cable is lost::

            a
         /     \\
        S       O -- c == K      c-K and b-K in trench T
         \\            b ==/
          ------------/
    """
    plan = PlantBuilder().office("K").office("O", "access").site("S")
    plan.way("w1", "S a O").way("w2", "O c K").way("p", "S b K")
    plan.change("spans", "w2-2", trench_id="T").change("spans", "p-2", trench_id="T")
    plan.circuit("X", "S", "K", "w1 w2", "p", protection="path")
    return Loss(plan, "X", lambda plan: _lose_cables(plan, "w2"), ("LN1", "UP3"))


def beyond_the_tolerance() -> Loss:
    """Two routes pass m within 30 m of S; a third comes to it at 200 m, and its cable is lost::

    S --30 m-- m -- a -- K      w
               m -- b -- K      p
    S ----- c ----- m -- K      q: 100 m, 100 m, 500 m
    """
    plan = PlantBuilder().office("K").site("S")
    for point in "mabc":
        plan.structure(point)
    plan.span("e", "S", "m", length_m=30.0)
    plan.span("q1", "S", "c", length_m=100.0).span("q2", "c", "m", length_m=100.0)
    for name, a, b in (("w1", "m", "a"), ("w2", "a", "K"), ("p1", "m", "b"), ("p2", "b", "K")):
        plan.span(name, a, b)
    plan.span("q3", "m", "K")
    for name, spans in (("w", "e w1 w2"), ("p", "e p1 p2"), ("q", "q1 q2 q3")):
        plan.cable(name, "S", "K", spans).link(name, "S", "K", name)
    plan.circuit("X", "S", "K", "w", "p", group_id="G", protection="path")
    plan.circuit("Y", "S", "K", "q", group_id="G", protection="none")
    return Loss(plan, "X", lambda plan: _lose_cables(plan, "q"), ("LN1",))


def _two_homes() -> PlantBuilder:
    """Site S with ways w, p, q to J, and t on to device dK in K; J and x are one flood zone."""
    plan = PlantBuilder().office("K").office("J").site("S").device("dK", "K")
    plan.way("w", "S a J").way("p", "S b J").way("q", "S c J").way("t", "J d K")
    return (
        plan.change("links", "t", to_id="dK").structure("x").risk("r", "offices:J", "structures:x")
    )


def another_end_of_a_group() -> Loss:
    """Two routes end at J, the third passes it on its way to K: in which device is lost::

    S -- a -- J
    S -- b -- J                 J lies in a flood zone
    S -- c -- J -- d -- K       Y: b_id K, b2_id J
    """
    plan = _two_homes().circuit("X", "S", "J", "w", "p", group_id="G", protection="path")
    plan.circuit("Y", "S", "K", "q t", b2_id="J", group_id="G", protection="none")
    return Loss(plan, "X", lambda plan: plan.rows["equipment"].clear(), ("LN1",))


def another_end_of_a_circuit() -> Loss:
    """One route ends at J on a link of two legs, the other passes J on its way to K::

    S -- a -- J       l: both legs
    S -- b -- J
    S -- c -- J -- d -- K       q t
    """
    plan = _two_homes().link("l", "S", "J", "w", protect="p")
    plan.circuit("X", "S", "J", "l", "q t", b2_id="K", protection="path")
    return Loss(plan, "X", lambda plan: plan.rows["equipment"].clear(), ("LN1",))


def ends_apart() -> PlantBuilder:
    """No centre is exempt: wherever Y ends, what is at J and L counts, and X lies apart::

    S -- a -- J     X: b_id J, b2_id L
    S -- b -- L
    S -- c ..?      Y: b_id J, b2_id L; the device at which its link ends is lost
    """
    plan = PlantBuilder().office("J").office("L").site("S")
    plan.way("w", "S a J").way("p", "S b L").way("q", "S c L").change("links", "q", to_id="lost")
    plan.circuit("X", "S", "J", "w", "p", b2_id="L", group_id="G", protection="path")
    return plan.circuit("Y", "S", "J", "q", b2_id="L", group_id="G", protection="none")


def office_in_between() -> PlantBuilder:
    """Three routes pass office O within their access; of the third, only its cable tells that::

    S -- a -- O -- b -- K      w
    S -- c -- O -- d -- K      p
    S -- e -- O -- f -- K      q, of circuit Y
    """
    plan = PlantBuilder().office("K").office("O").site("S")
    plan.way("w", "S a O b K").way("p", "S c O d K").way("q", "S e O f K")
    plan.circuit("X", "S", "K", "w", "p", group_id="G", protection="path")
    return plan.circuit("Y", "S", "K", "q", group_id="G", protection="none")


def manhole_of_both() -> Loss:
    """Both routes pass manhole m; it is lost, and with it that their spans meet there::

    S == w, p == m == w, p == K
    """
    plan = PlantBuilder().office("K").site("S").way("w", "S m K").way("p", "S m K")
    for name in "wp":
        for n in "12":
            plan.change("spans", f"{name}-{n}", trench_id=f"{name}{n}")
    plan.circuit("X", "S", "K", "w", "p", protection="path")
    return Loss(plan, "X", lambda plan: plan.rows["structures"].clear(), ("LN1",))


LOSSES = (
    another_section, beyond_the_tolerance, another_end_of_a_group, another_end_of_a_circuit,
    manhole_of_both,
)  # fmt: skip
