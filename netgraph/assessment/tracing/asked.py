"""Which answers of a site's searches a sheet shows: those to what its circuits ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.demands import find_demands, find_joint_demands
from netgraph.diversity.achievable.find import UNPROVEN, LayerAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from netgraph.diversity.achievable.find import Achievable
    from netgraph.diversity.audit.run import Audit

#: B ends (places); those that not all routes may reach; of three or more routes, the ends of each.
Asked = tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[int, ...], ...]]


@dataclass(frozen=True)
class Asker:
    """Who asks for routes to some ends: a unit of the audit, and which of its circuits."""

    unit: int
    circuits: tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """What is asked of the searches of one site, by whom, and the answer by layer."""

    asked: Asked
    askers: tuple[Asker, ...]
    answers: Mapping[str, LayerAnswer]


def find_questions(
    audit: Audit, achievable: Achievable, units: tuple[int, ...], place: int
) -> tuple[Question, ...]:
    """List what some units of a site ask for; none where nothing was searched.

    Parameters
    ----------
    units
        Of the audit.
    place
        The site.
    """
    if place not in achievable.by_place:
        return ()
    askers: dict[Asked, list[Asker]] = {}
    for unit in units:
        for asked, asker in _askers(audit, unit, place):
            askers.setdefault(asked, []).append(asker)
    of_site = {layer: answers[place] for layer, answers in achievable.answers.items()}
    return tuple(
        Question(asked, tuple(some), {
            layer: _answer(answers, asked) for layer, answers in of_site.items()
        })
        for asked, some in askers.items()
    )  # fmt: skip


def asked_of(answer: LayerAnswer) -> Asked:
    """Return what an answer was asked for."""
    return answer.b_ends, answer.parted, answer.routes_to


def _askers(audit: Audit, unit: int, place: int) -> Iterator[tuple[Asked, Asker]]:
    """Yield what a unit asks for: all its circuits together, or each for itself."""
    circuits = audit.units.circuits.row(unit).tolist()
    demands = find_demands(_alone(audit, unit), (place,))
    if len(demands) == 1:
        (demand,) = demands
        joint = find_joint_demands(_alone(audit, unit), (place,))
        routes_to = joint[0].routes_to if joint else ()
        yield (demand.b_ends, demand.parted, routes_to), Asker(unit, tuple(circuits))
        return
    known = {demand.b_ends: demand for demand in demands}
    for circuit in circuits if demands else ():
        # The end of one of them is not known: each has the ends that it would have alone.
        (own,) = find_demands(_alone(audit, circuit), (place,))
        demand = known[own.b_ends]
        yield (demand.b_ends, demand.parted, ()), Asker(unit, (circuit,))


def _alone(audit: Audit, unit: int) -> Audit:
    """Leave one unit of all, to be asked what it asks for; each circuit is a unit, too."""
    units = replace(audit.units, group_of_circuit=np.array([unit], dtype=np.int64))
    return replace(audit, units=units)


def _answer(answers: Sequence[LayerAnswer], asked: Asked) -> LayerAnswer:
    """Find the answer to a question: two routes answer for more where they do as well."""
    ends = asked[:2]
    found = {asked_of(answer): answer for answer in answers}
    answer = found.get(asked) or found.get((*ends, ()))
    return answer or LayerAnswer(UNPROVEN, ends[0], parted=ends[1])
