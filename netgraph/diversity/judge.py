"""From shared sets to verdicts: three-valued aspects, levels, sections, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.levels import PASSING, Level, Section, worst
from netgraph.diversity.sections import SECTION_BIT
from netgraph.diversity.verdict import Verdict
from netgraph.diversity.verdict_kinds import INDOOR, LEVEL_OF_KIND, LOGICAL, PLANT, TOLERABLE
from netgraph.topology.elements import DEVICE, LINK, SPAN, TRENCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.rules import Rules
    from netgraph.diversity.shared_sets import SharedSets
    from netgraph.diversity.unit_evidence import UnitEvidence
    from netgraph.diversity.units import JudgedUnits
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

_Aspects = tuple[bool | None, bool | None, bool | None]


@dataclass(frozen=True)
class UnitSets:
    """What units share, judged on all routes and on some.

    Attributes
    ----------
    proven
        On all routes, as far as they are known: every element here is common.
    known, complete
        On the routes whose links (whose links and plant) are known, for units that have others:
        nothing outside this set can be common, if it is bounded.
    wired
        On the complete routes without a wireless link, for units that have others.
    wired_in
        The same by section, on the routes without a wireless link in that section.
    """

    proven: SharedSets
    known: SharedSets
    complete: SharedSets
    wired: SharedSets
    wired_in: Mapping[Section, SharedSets]


class _Counted(NamedTuple):
    """Shared elements that count (ascending) with their kinds, and those tolerated at A."""

    shared: Ints
    kinds: Ints
    tolerated: Ints


class _InSection(NamedTuple):
    level: Level
    plant: bool | None
    logical: bool | None
    needs_wireless: bool


@dataclass(frozen=True)
class Judge:
    """Turns shared sets into verdicts.

    Attributes
    ----------
    kind
        Kind of every element and risk group.
    section_homes
        Buildings at the ends of each section of each route; shape (routes, sections, 2).
    """

    network: LayeredNetwork
    rules: Rules
    units: JudgedUnits
    evidence: UnitEvidence
    kind: NDArray[np.int64]
    sets: UnitSets
    section_homes: Ints
    route_is_wired_in: Mapping[Section, NDArray[np.bool_]]

    def verdict(self, unit: int) -> Verdict:
        """Judge one unit."""
        evidence = self.evidence
        members = tuple(int(c) for c in self.units.circuits.row(unit))
        unhoused = self._unhoused(unit)
        missing = self._missing(unit, unhoused)
        is_single = bool(evidence.is_single[unit])
        counted = self._counted(self.sets.proven, unit)
        aspects: _Aspects = (False, False, False)
        level = Level.SINGLE_ROUTE
        if not is_single:
            aspects = self._aspects(unit, counted, has_unhoused=bool(unhoused))
            level = self._level(unit, counted.kinds, aspects)
        present = [s for s in Section if evidence.sections[unit] >> SECTION_BIT[s] & 1]
        sections = {s: self._section(unit, s, is_single=is_single) for s in present}
        circuits = self.network.circuits
        return Verdict(
            unit=unit,
            name=str(self.units.names[unit]),
            circuits=members,
            level=level,
            is_complete=is_single or level in PASSING or (
                level is not Level.UNDECIDABLE and not missing
            ),
            logical_diverse=aspects[0],
            plant_diverse=aspects[1],
            physical_diverse=aspects[2],
            section_levels={s: found.level for s, found in sections.items()},
            section_plant={s: found.plant for s, found in sections.items()},
            section_logical={s: found.logical for s, found in sections.items()},
            wireless_sections=frozenset(s for s, found in sections.items() if found.needs_wireless),
            access_b_plant=self._access_b_plant(unit, is_single=is_single),
            shared=tuple(counted.shared.tolist()),
            tolerated=tuple(counted.tolerated.tolist()),
            missing=missing,
            is_single=is_single,
            is_unconfirmed=is_single and all(bool(circuits.is_unconfirmed[c]) for c in members),
            is_derived=any(bool(circuits.is_derived[c]) for c in members),
            is_suspected=level is Level.SAME_TRENCH
            and not np.isin(counted.kinds, (SPAN, TRENCH)).any(),
            is_surveyed=bool(evidence.is_surveyed[unit]),
        )  # fmt: skip

    def _counted(
        self, sets: SharedSets, unit: int, section: Section | None = None, *, at_b: bool = False
    ) -> _Counted:
        """Sift a unit's shared set: without its own ends, and without what is tolerated.

        In a section the buildings at its two ends are exempt too; `at_b` adds the tolerance at B.
        """
        rows = sets.row(unit)
        element, is_own = sets.element[rows], sets.is_own_end[rows]
        near = sets.from_a_m[rows] <= self.rules.entry_tolerance_m
        if at_b:
            near |= sets.from_b_m[rows] <= self.rules.entry_tolerance_m
        if section is not None and len(element):
            touched = sets.sections[rows] >> SECTION_BIT[section] & 1 == 1
            element, is_own, near = element[touched], is_own[touched], near[touched]
            is_own = is_own | self._stands_at_an_end(unit, section, element)
        kind = self.kind[element]
        tolerated = TOLERABLE[kind] & near & ~is_own
        counts = ~is_own & ~tolerated
        order = np.argsort(element[counts])
        return _Counted(element[counts][order], kind[counts][order], np.sort(element[tolerated]))

    def _stands_at_an_end(self, unit: int, section: Section, element: Ints) -> NDArray[np.bool_]:
        """Which elements stand in a building that is an end of the section on every route."""
        ends: set[int] | None = None
        for route in self.units.routes.row(unit):
            found = set(self.section_homes[route, SECTION_BIT[section]].tolist())
            if found != {-1}:
                ends = found if ends is None else ends & found
        homes = list((ends or set()) - {-1})
        n = len(self.network.elements)
        home = np.where(element < n, self.network.elements.home[np.minimum(element, n - 1)], -1)
        return np.isin(home, homes)

    def _aspects(self, unit: int, counted: _Counted, *, has_unhoused: bool) -> _Aspects:
        kinds = counted.kinds
        logical = self._logical(counted.shared, kinds)
        if logical and self._may_share(self.sets.known, unit, LOGICAL):
            logical = None
        plant: bool | None = not PLANT[kinds].any()
        indoor: bool | None = not INDOOR[kinds].any()
        if plant and self._may_share(self.sets.complete, unit, PLANT):
            plant = None
        if indoor and (has_unhoused or self._may_share(self.sets.complete, unit, INDOOR)):
            indoor = None
        if plant is False or indoor is False:
            return logical, plant, False
        return logical, plant, None if plant is None or indoor is None else True

    def _may_share(
        self, sets: SharedSets, unit: int, kinds: NDArray[np.bool_], section: Section | None = None
    ) -> bool:
        """Whether the unit's complete routes alone leave room for a common element of some kinds.

        An empty set is proof only if the complete routes bound it: a unit of which no route is
        complete is open.
        """
        has_others = self.evidence.has_gap_in_plant
        good = self.evidence.route_has_plant
        if sets is self.sets.known:
            has_others, good = self.evidence.has_unknown, self.evidence.route_is_known
        if not has_others[unit]:
            return False
        if not self._is_bounded(unit, good):
            return True
        return bool(kinds[self._counted(sets, unit, section).kinds].any())

    def _is_bounded(self, unit: int, good: NDArray[np.bool_]) -> bool:
        """Whether some circuit of the unit has a good route in each of its segments."""
        circuits = self.network.circuits
        return any(
            all(
                good[circuits.segment_routes.row(int(s))].any()
                for s in circuits.segments.row(int(c))
            )
            for c in self.units.circuits.row(unit)
        )

    def _logical(self, shared: Ints, kinds: Ints) -> bool | None:
        if (kinds == LINK).any():
            return False
        devices = shared[kinds == DEVICE] - self.network.elements.offset["equipment"]
        standby = self.network.equipment.hot_standby[devices]
        if (standby == 0).any():
            return False
        return None if (standby < 0).any() else True

    def _level(self, unit: int, kinds: Ints, aspects: _Aspects) -> Level:
        proven = worst(LEVEL_OF_KIND[k] for k in set(kinds.tolist()))
        if proven is not None:
            return proven
        if None in aspects:
            return Level.UNDECIDABLE
        if self._rests_on_wireless(unit, None):
            return Level.RADIO_BACKUP
        return Level.DIVERSE

    def _rests_on_wireless(self, unit: int, section: Section | None) -> bool:
        """Whether a unit without its wireless routes (in a section) would share something."""
        if not self.evidence.has_wireless[unit]:
            return False
        wired, sets = self.evidence.route_is_wired, self.sets.wired
        if section is not None:
            if section not in self.sets.wired_in:
                return False
            wired, sets = self.route_is_wired_in[section], self.sets.wired_in[section]
        if not self._is_bounded(unit, wired & self.evidence.route_has_plant):
            return True
        kinds = self._counted(sets, unit, section).kinds
        return bool(len(kinds) if section is None else (PLANT | LOGICAL)[kinds].any())

    def _section(self, unit: int, section: Section, *, is_single: bool) -> _InSection:
        """Level, plant and logical diversity of one section."""
        if is_single:
            return _InSection(Level.SINGLE_ROUTE, plant=False, logical=False, needs_wireless=False)
        counted = self._counted(self.sets.proven, unit, section)
        plant = self._section_plant(unit, section, counted.kinds)
        logical = self._logical(counted.shared, counted.kinds)
        if logical and self._may_share(self.sets.known, unit, LOGICAL, section):
            logical = None
        needs_wireless = self._rests_on_wireless(unit, section)
        level = worst(LEVEL_OF_KIND[k] for k in set(counted.kinds.tolist()))
        if level is None and (plant is None or logical is None):
            level = Level.UNDECIDABLE
        if level is None:
            level = Level.RADIO_BACKUP if needs_wireless else Level.DIVERSE
        return _InSection(level, plant, logical, needs_wireless)

    def _section_plant(self, unit: int, section: Section, kinds: Ints) -> bool | None:
        if PLANT[kinds].any():
            return False
        has_gap = bool(self.evidence.gap_sections[unit] >> SECTION_BIT[section] & 1)
        return (
            None if has_gap and self._may_share(self.sets.complete, unit, PLANT, section) else True
        )

    def _access_b_plant(self, unit: int, *, is_single: bool) -> bool | None:
        """Plant diversity of the access section at B, with the tolerance measured from B."""
        if is_single:
            return False
        counted = self._counted(self.sets.proven, unit, Section.ACCESS_B, at_b=True)
        return self._section_plant(unit, Section.ACCESS_B, counted.kinds)

    def _unhoused(self, unit: int) -> list[int]:
        """Intermediate offices of the unit's routes whose building is not recorded."""
        circuits, routes = self.network.circuits, self.network.circuits.routes
        table = self.network.evidence.unhoused
        if len(table.indices) == 0:
            return []
        found: set[int] = set()
        for route in self.units.routes.row(unit):
            c = routes.circuit[route]
            ends = {int(circuits.b[c]), int(circuits.b2[c])}
            if routes.is_known[route]:
                ends &= {int(routes.end_place[route])}
            on_route = {int(p) for link in routes.links.row(int(route)) for p in table.row(link)}
            found |= on_route - ends - {int(circuits.a[c])}
        return sorted(found)

    def _missing(self, unit: int, unhoused: list[int]) -> tuple[str, ...]:
        routes, evidence = self.network.circuits.routes, self.network.evidence
        found: dict[str, None] = {}
        for route in self.units.routes.row(unit):
            if int(route) in routes.problem:
                found[routes.problem[int(route)]] = None
            if not self.evidence.has_gap_in_plant[unit]:
                continue
            for link in routes.links.row(int(route)):
                found |= dict.fromkeys(evidence.missing.get(int(link), ()))
        places = self.network.places
        found |= dict.fromkeys(f"building of office {places.ids[p]}" for p in unhoused)
        return tuple(found)
