"""The audit of recorded diversity: three-valued verdicts and levels, unit by unit.

Nothing is searched here: the routes are taken as recorded, and the question is what they share.
A common element that is proven makes an aspect false whatever else is missing; complete records
without a common element make it true; everything else is undecidable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Level, Section, worst
from netgraph.diversity.risks import RiskTable, build_risks
from netgraph.diversity.sections import SECTION_BIT, sections_of_entries
from netgraph.diversity.separated import raise_separated
from netgraph.diversity.shared_sets import SharedSets, WalkArrays, find_shared
from netgraph.diversity.units import JudgedUnits, build_units
from netgraph.diversity.verdict import Verdict
from netgraph.diversity.verdict_kinds import (
    INDOOR,
    LEVEL_OF_KIND,
    LOGICAL,
    PLANT,
    RISK_GROUP,
    SUSPECT,
    TOLERABLE,
)
from netgraph.topology.csr import gather, transpose
from netgraph.topology.elements import DEVICE, LINK, SPAN, TRENCH
from netgraph.topology.paths import Paths, build_paths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.rules import Rules
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Csr, Ints

@dataclass(frozen=True)
class Audit:
    """The verdicts of all units, and what they were computed from.

    Attributes
    ----------
    verdicts
        One a unit: first every circuit, then every group of several circuits.
    kind
        Kind of every element and risk group, in the numbering of `Verdict.shared`.
    risk_members
        Risk group to its elements.
    """

    network: LayeredNetwork
    rules: Rules
    units: JudgedUnits
    paths: Paths
    risks: RiskTable
    entry_section: NDArray[np.int64]
    kind: NDArray[np.int64]
    risk_members: Csr
    verdicts: tuple[Verdict, ...]

    def of_circuit(self, circuit: int) -> Verdict:
        """Verdict of the circuit by itself."""
        return self.verdicts[circuit]

    def of_group(self, circuit: int) -> Verdict:
        """Verdict of the circuit's group."""
        return self.verdicts[self.units.group_of_circuit[circuit]]


@dataclass(frozen=True)
class _Masks:
    """Per unit: what kind of evidence its routes lack, and the sections they run through."""

    route_is_known: NDArray[np.bool_]
    route_has_plant: NDArray[np.bool_]
    is_single: NDArray[np.bool_]
    has_unknown: NDArray[np.bool_]
    has_gap_in_plant: NDArray[np.bool_]
    sections: Ints
    gap_sections: Ints
    needs_wireless: NDArray[np.bool_]
    is_surveyed: NDArray[np.bool_]


def audit_routes(network: LayeredNetwork, rules: Rules) -> Audit:
    """Judge the recorded routes of every circuit and group.

    Exact on the records; cost O(sum of the elements on all routes).

    Parameters
    ----------
    network, rules
        The layered network, and the thresholds.

    Returns
    -------
    Audit
        One verdict a unit.
    """
    units, paths = build_units(network), build_paths(network)
    risks = build_risks(network, rules)
    section = sections_of_entries(network)
    arrays = _walk_arrays(network, paths, risks, section)
    routes = network.circuits.routes
    plant_known = routes.is_known & _all_links(network, network.evidence.is_complete)
    masks = _masks(network, units, section, plant_known)
    everything = np.ones(len(routes), dtype=bool)
    proven = find_shared(units.subset(network, everything, ~masks.is_single), arrays)
    lacking = ~masks.is_single & masks.has_unknown
    possible_logical = find_shared(units.subset(network, routes.is_known, lacking), arrays)
    lacking = ~masks.is_single & masks.has_gap_in_plant
    possible = find_shared(units.subset(network, plant_known, lacking), arrays)
    kind = np.concatenate([
        network.elements.kind.astype(np.int64),
        np.where(risks.is_suspect, SUSPECT, RISK_GROUP),
    ])  # fmt: skip
    judge = _Judge(network, rules, units, masks, kind, (proven, possible_logical, possible))
    judged = [judge.verdict(unit) for unit in range(len(units))]
    verdicts = raise_separated(network, rules, units, paths, judged)
    members = transpose(risks.of_element, len(risks))
    return Audit(network, rules, units, paths, risks, section, kind, members, verdicts)


def _walk_arrays(
    network: LayeredNetwork, paths: Paths, risks: RiskTable, section: NDArray[np.int64]
) -> WalkArrays:
    """What the kernel walks over; a route that something not in service carries is left empty."""
    elements, routes = network.elements, network.circuits.routes
    keep = ~routes.is_stale[routes.links.owners]
    counts = np.bincount(routes.links.owners[keep], minlength=len(routes))
    links = type(routes.links)(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), routes.links.indices[keep]
    )
    trench = network.spans.trench
    return WalkArrays(
        route_links=links,
        route_rows=(2 * routes.links.indices + routes.is_reversed)[keep],
        entry_section=section[keep],
        link_elements=elements.of_link,
        risks=risks.of_element,
        n_risks=len(risks),
        home=elements.home,
        pieces=paths.of_link,
        piece_a=paths.a,
        piece_b=paths.b,
        piece_m=paths.length_m,
        piece_is_measured=paths.is_measured,
        n_spans=paths.n_spans,
        span_element=elements.offset["spans"],
        span_trench_element=np.where(trench >= 0, trench + elements.offset["trenches"], -1),
        place_element=elements.offset["places"],
        place_home=network.places.home,
    )


def _all_links(network: LayeredNetwork, good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Routes whose every link is good."""
    routes = network.circuits.routes
    result = np.ones(len(routes), dtype=bool)
    result[routes.links.owners[~good[routes.links.indices]]] = False
    return result


def _masks(
    network: LayeredNetwork, units: JudgedUnits, section: NDArray[np.int64],
    plant_known: NDArray[np.bool_],
) -> _Masks:  # fmt: skip
    routes = network.circuits.routes
    route_sections = np.zeros(len(routes), dtype=np.int64)
    np.bitwise_or.at(route_sections, routes.links.owners, 1 << section)
    wired = _all_links(network, ~network.links.is_wireless)
    surveyed = routes.is_known & plant_known & _all_links(network, _surveyed_links(network))
    n = len(units)
    owner, route = units.routes.owners, units.routes.indices
    sections = np.zeros(n, dtype=np.int64)
    np.bitwise_or.at(sections, owner, route_sections[route])
    gaps = np.zeros(n, dtype=np.int64)
    np.bitwise_or.at(gaps, owner, _gap_sections(network, section)[route])
    return _Masks(
        route_is_known=routes.is_known,
        route_has_plant=plant_known,
        is_single=_is_single(network, units),
        has_unknown=_any(n, owner, ~routes.is_known[route]),
        has_gap_in_plant=_any(n, owner, ~plant_known[route]),
        sections=sections,
        gap_sections=gaps,
        needs_wireless=_any(n, owner, ~wired[route]),
        is_surveyed=~_any(n, owner, ~surveyed[route]),
    )


def _gap_sections(network: LayeredNetwork, section: NDArray[np.int64]) -> Ints:
    """Sections of each route with a record missing in them; all of them if it is not known."""
    routes = network.circuits.routes
    result = np.where(routes.is_known, 0, (1 << len(Section)) - 1)
    lacks = ~network.evidence.is_complete[routes.links.indices]
    np.bitwise_or.at(result, routes.links.owners[lacks], 1 << section[lacks])
    return result


def _any(n: int, owner: Ints, flag: NDArray[np.bool_]) -> NDArray[np.bool_]:
    result = np.zeros(n, dtype=bool)
    result[owner[flag]] = True
    return result


def _is_single(network: LayeredNetwork, units: JudgedUnits) -> NDArray[np.bool_]:
    """Units whose routes are all one and the same: there is nothing to switch to."""
    circuits, routes = network.circuits, network.circuits.routes
    ways: list[tuple[int, ...] | None] = []
    for circuit in range(len(circuits)):
        way: list[int] = []
        single = True
        for segment in circuits.segments.row(circuit):
            rows = circuits.segment_routes.row(int(segment))
            first, *others = (sorted(routes.links.row(int(r)).tolist()) for r in rows)
            single = single and bool(first) and not routes.is_stale[rows].any()
            single = single and all(other == first for other in others)
            way += first
        ways.append(tuple(way) if single else None)
    result = np.zeros(len(units), dtype=bool)
    for unit in range(len(units)):
        distinct = {ways[c] for c in units.circuits.row(unit)}
        result[unit] = len(distinct) == 1 and None not in distinct
    return result


def _surveyed_links(network: LayeredNetwork) -> NDArray[np.bool_]:
    """Links whose spans are all drawn between surveyed structures (or indoors, or wireless)."""
    spans, places = network.spans, network.places
    firm = places.is_surveyed | (places.kind != 2)
    firm = np.append(firm, False)
    drawn = np.array([g is not None for g in spans.geometry], dtype=bool)
    good = drawn & firm[spans.a] & firm[spans.b]
    values, owners = gather(network.cables.spans, network.links.leg_cables.indices)
    bad_leg = np.zeros(len(network.links.leg_cables), dtype=bool)
    bad_leg[network.links.leg_cables.owners[owners[~good[values]]]] = True
    result = network.evidence.is_complete & (network.links.legs.counts > 0)
    result[network.links.legs.owners[bad_leg[network.links.legs.indices]]] = False
    return result


@dataclass(frozen=True)
class _Judge:
    """Turns shared sets into verdicts."""

    network: LayeredNetwork
    rules: Rules
    units: JudgedUnits
    masks: _Masks
    kind: NDArray[np.int64]
    sets: tuple[SharedSets, SharedSets, SharedSets]

    def verdict(self, unit: int) -> Verdict:
        """Judge one unit."""
        masks = self.masks
        members = tuple(int(c) for c in self.units.circuits.row(unit))
        unhoused = self._unhoused(unit)
        missing = self._missing(unit, unhoused)
        single = bool(masks.is_single[unit])
        if single:
            level, aspects, shared, tolerated = Level.SINGLE_ROUTE, (False, False, False), [], []
        else:
            shared, tolerated, _ = self._counted(self.sets[0], unit)
            aspects = self._aspects(unit, shared, has_unhoused=bool(unhoused))
            level = self._level(unit, shared, aspects)
        sections = [s for s in Section if masks.sections[unit] >> SECTION_BIT[s] & 1]
        by_section = {s: self._section(unit, s, single=single) for s in sections}
        circuits = self.network.circuits
        return Verdict(
            unit=unit,
            name=str(self.units.names[unit]),
            circuits=members,
            level=level,
            is_complete=single or (level is not Level.UNDECIDABLE and not missing),
            logical_diverse=aspects[0],
            plant_diverse=aspects[1],
            physical_diverse=aspects[2],
            section_levels={s: found[0] for s, found in by_section.items()},
            section_plant={s: found[1] for s, found in by_section.items()},
            section_logical={s: found[2] for s, found in by_section.items()},
            shared=tuple(shared),
            tolerated=tuple(tolerated),
            missing=missing,
            is_single=single,
            is_unconfirmed=single and all(bool(circuits.is_unconfirmed[c]) for c in members),
            is_derived=any(bool(circuits.is_derived[c]) for c in members),
            is_suspected=level is Level.SAME_TRENCH
            and not any(self.kind[e] in (SPAN, TRENCH) for e in shared),
            is_surveyed=bool(masks.is_surveyed[unit]),
        )

    def _counted(
        self, sets: SharedSets, unit: int, section: Section | None = None
    ) -> tuple[list[int], list[int], NDArray[np.int64]]:
        """Shared elements that count, those tolerated at A, and the kinds of the former."""
        rows = sets.row(unit)
        element = sets.element[rows]
        own, far = sets.is_own_end[rows], sets.far_m[rows]
        if section is not None:
            touched = sets.sections[rows] >> SECTION_BIT[section] & 1 == 1
            element, own, far = element[touched], own[touched], far[touched]
        kind = self.kind[element]
        tolerable = TOLERABLE[kind]
        tolerated = tolerable & (own | (far <= self.rules.entry_tolerance_m))
        counts = ~own & ~tolerated
        order = np.argsort(element[counts])
        return (
            element[counts][order].tolist(),
            sorted(element[tolerated].tolist()),
            kind[counts][order],
        )

    def _aspects(
        self, unit: int, shared: list[int], *, has_unhoused: bool
    ) -> tuple[bool | None, bool | None, bool | None]:
        kinds = self.kind[shared]
        logical = self._logical(shared, kinds)
        if logical is True and self.masks.has_unknown[unit]:
            _, _, maybe = self._counted(self.sets[1], unit)
            if self._is_open(self.sets[1], unit, maybe, LOGICAL):
                logical = None
        plant: bool | None = not PLANT[kinds].any()
        indoor: bool | None = not INDOOR[kinds].any()
        if self.masks.has_gap_in_plant[unit]:
            _, _, maybe = self._counted(self.sets[2], unit)
            if plant and self._is_open(self.sets[2], unit, maybe, PLANT):
                plant = None
            if indoor and self._is_open(self.sets[2], unit, maybe, INDOOR):
                indoor = None
        if indoor and has_unhoused:
            indoor = None
        if plant is False or indoor is False:
            return logical, plant, False
        return logical, plant, None if plant is None or indoor is None else True

    def _is_open(
        self, sets: SharedSets, unit: int, maybe: NDArray[np.int64], kinds: NDArray[np.bool_]
    ) -> bool:
        """Whether the complete routes alone leave room for a common element of some kinds.

        An empty set is proof only if the complete routes bound it: a unit of which no route is
        complete is open.
        """
        good = self.masks.route_is_known
        if sets is self.sets[2]:
            good = self.masks.route_has_plant
        return not self._has_bound(unit, good) or bool(kinds[maybe].any())

    def _has_bound(self, unit: int, good: NDArray[np.bool_]) -> bool:
        """Whether some circuit of the unit has a complete route in each of its segments."""
        circuits = self.network.circuits
        return any(
            all(
                good[circuits.segment_routes.row(int(s))].any()
                for s in circuits.segments.row(int(c))
            )
            for c in self.units.circuits.row(unit)
        )

    def _logical(self, shared: list[int], kinds: NDArray[np.int64]) -> bool | None:
        if (kinds == LINK).any():
            return False
        devices = np.array(shared, dtype=np.int64)[kinds == DEVICE]
        standby = self.network.equipment.hot_standby[
            devices - self.network.elements.offset["equipment"]
        ]
        if (standby == 0).any():
            return False
        return None if (standby < 0).any() else True

    def _level(
        self, unit: int, shared: list[int], aspects: tuple[bool | None, bool | None, bool | None]
    ) -> Level:
        proven = worst(LEVEL_OF_KIND[k] for k in set(self.kind[shared].tolist()))
        if proven is not None:
            return proven
        if None in aspects:
            return Level.UNDECIDABLE
        if self.masks.needs_wireless[unit] and self._is_wireless_backup(unit):
            return Level.RADIO_BACKUP
        return Level.DIVERSE

    def _is_wireless_backup(self, unit: int) -> bool:
        """Whether some segment or the whole unit would be single without its wireless routes."""
        circuits, routes = self.network.circuits, self.network.circuits.routes
        wireless = self.network.links.is_wireless
        wired = [
            all(
                sum(not wireless[routes.links.row(int(r))].any()
                    for r in circuits.segment_routes.row(int(s))) >= 2
                for s in circuits.segments.row(int(c))
            )
            for c in self.units.circuits.row(unit)
        ]  # fmt: skip
        if any(wired):
            return False
        distinct = {
            tuple(routes.links.row(int(r)))
            for r in self.units.routes.row(unit)
            if not wireless[routes.links.row(int(r))].any()
        }
        return len(distinct) < 2 or len(self.units.circuits.row(unit)) == 1

    def _section(
        self, unit: int, section: Section, *, single: bool
    ) -> tuple[Level, bool | None, bool | None]:
        """Level, plant and logical diversity of one section."""
        if single:
            return Level.SINGLE_ROUTE, False, False
        shared, _, kinds = self._counted(self.sets[0], unit, section)
        plant: bool | None = not PLANT[kinds].any()
        logical = self._logical(shared, kinds)
        has_gap = bool(self.masks.gap_sections[unit] >> SECTION_BIT[section] & 1)
        if plant and has_gap:
            _, _, maybe = self._counted(self.sets[2], unit, section)
            plant = None if self._is_open(self.sets[2], unit, maybe, PLANT) else plant
        if logical and self.masks.has_unknown[unit]:
            _, _, maybe = self._counted(self.sets[1], unit, section)
            logical = None if self._is_open(self.sets[1], unit, maybe, LOGICAL) else logical
        proven = worst(LEVEL_OF_KIND[k] for k in set(kinds.tolist()))
        if proven is not None:
            return proven, plant, logical
        undecided = plant is None or logical is None
        return Level.UNDECIDABLE if undecided else Level.DIVERSE, plant, logical

    def _unhoused(self, unit: int) -> list[int]:
        """Intermediate offices of the unit's routes whose building is not recorded."""
        circuits, routes = self.network.circuits, self.network.circuits.routes
        table = self.network.evidence.unhoused
        if len(table.indices) == 0:
            return []
        members = self.units.circuits.row(unit)
        ends = {int(x) for c in members for x in (circuits.a[c], circuits.b[c], circuits.b2[c])}
        links = {int(link) for r in self.units.routes.row(unit) for link in routes.links.row(int(r))}
        return sorted({int(p) for link in links for p in table.row(link)} - ends)

    def _missing(self, unit: int, unhoused: list[int]) -> tuple[str, ...]:
        routes, evidence = self.network.circuits.routes, self.network.evidence
        found: dict[str, None] = {}
        for route in self.units.routes.row(unit):
            if int(route) in routes.problem:
                found[routes.problem[int(route)]] = None
            if not self.masks.has_gap_in_plant[unit]:
                continue
            for link in routes.links.row(int(route)):
                found |= dict.fromkeys(evidence.missing.get(int(link), ()))
        places = self.network.places
        found |= dict.fromkeys(f"building of office {places.ids[p]}" for p in unhoused)
        return tuple(found)
