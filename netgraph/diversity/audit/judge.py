"""From shared sets to verdicts: three-valued aspects, levels, sections, and what is missing.

All units are judged at once, in arrays; three-valued columns hold 1 (true), 0 (false) and -1 (a
missing record decides).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.audit.columns import SectionsOfUnit, Verdicts, sections_of_unit
from netgraph.diversity.audit.missing import find_missing, find_undrawn, find_unhoused, find_unsure
from netgraph.diversity.audit.sections import SECTION_BIT
from netgraph.diversity.audit.sifting import (
    INDOOR_BITS,
    KIND_BITS,
    LOGICAL_BITS,
    NO_STANDBY_BIT,
    OPEN_BITS,
    PLANT_BITS,
    UNKNOWN_STANDBY_BIT,
    Ground,
    Sifted,
    lay_ground,
    sift,
    split_tolerated,
)
from netgraph.diversity.levels import RANK, Level, Section, worst
from netgraph.diversity.sharing.alike import equal_columns
from netgraph.diversity.verdict import CommonTables, SharedRows
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND
from netgraph.topology.csr import Csr, compose
from netgraph.topology.elements import LINK, SPAN, TRENCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.audit.evidence import UnitEvidence
    from netgraph.diversity.audit.units import JudgedUnits
    from netgraph.diversity.rules import Rules
    from netgraph.diversity.sharing.classes import ElementClasses
    from netgraph.diversity.sharing.sets import SharedSets
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]
    #: 1, 0 or -1 for true, false and undecided.
    Trits = NDArray[np.int64]

_SECTIONS = tuple(Section)
_LINK_BITS, _TRENCH_BITS = 1 << LINK, 1 << SPAN | 1 << TRENCH


@dataclass(frozen=True)
class UnitSets:
    """What units share, judged on all routes and on some.

    Attributes
    ----------
    proven
        On all routes, as far as they are known: every element here is common.
    known, complete
        On the routes whose links, down to cables (whose links and plant), are known, for units
        that have others: nothing outside this set can be common, if it is bounded; where in it, and
        whether within the tolerance, the others decide.
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


class _Aspects(NamedTuple):
    """Level (as its rank), and the three-valued aspects; shape (units,) or (units, sections)."""

    level: Ints
    logical: Trits
    plant: Trits
    physical: Trits
    needs_wireless: Flags


class _Room(NamedTuple):
    """Whether something may be shared of which no record tells: (units,), (units, sections)."""

    whole: Flags
    in_section: Flags


@dataclass(frozen=True)
class Judge:
    """Turns shared sets into verdicts.

    Attributes
    ----------
    kind, classes
        Kind of every element and risk group, and the elements that stand as one in the sets.
    section_ends
        Buildings that are an end of a section on every route of a unit that has it; shape (units,
        sections, 2).
    roleless
        Units to the missing roles of offices on which their sections rest.
    """

    network: LayeredNetwork
    rules: Rules
    units: JudgedUnits
    evidence: UnitEvidence
    kind: NDArray[np.int64]
    classes: ElementClasses
    sets: UnitSets
    section_ends: Ints
    route_is_wired_in: Mapping[Section, NDArray[np.bool_]]
    roleless: Mapping[int, tuple[str, ...]]

    def verdicts(self) -> Verdicts:
        """Judge all units; O(shared elements)."""
        unhoused = find_unhoused(self.network, self.units)
        has_unhoused = np.zeros(len(self.units), dtype=bool)
        has_unhoused[list(unhoused)] = True
        whole = self._judge_whole(has_unhoused)
        tables, possible = self._common()
        missing = find_missing(self.network, self.units, self.evidence, unhoused)
        unsure = self._unsure
        undrawn = find_undrawn(
            self.network, self.units, possible, self.sets.proven.row_of_unit,
            self._could_be_worse(whole),
        )  # fmt: skip
        section_row, sections = self._sections(has_unhoused)
        circuits, single = self.network.circuits, self.evidence.is_single
        logical, plant, physical, access_b = (
            trits.astype(np.int8)
            for trits in (whole.logical, whole.plant, whole.physical, self._access_b_plant())
        )
        return Verdicts(
            names=self.units.names,
            circuits=self.units.circuits,
            level=whole.level.astype(np.int8),
            logical=logical,
            plant=plant,
            physical=physical,
            access_b_plant=access_b,
            section_row=section_row,
            sections=sections,
            common_row=self.sets.proven.row_of_unit.astype(np.int32),
            tables=tables,
            is_single=single,
            is_unconfirmed=single & ~self._has_circuit(~circuits.is_unconfirmed),
            is_derived=self._has_circuit(circuits.is_derived),
            is_suspected=self._is_suspected(whole),
            is_surveyed=self.evidence.is_surveyed,
            lacking={
                unit: missing.get(unit, ()) + unsure.get(unit, ()) for unit in {**missing, **unsure}
            },
            undrawn=undrawn,
            roleless=self.roleless,
        )

    def _common(self) -> tuple[CommonTables, Csr]:
        """Give what units share, and the rows of what may be shared, as recorded groups."""
        numbers = self._ground.numbers
        counted, tolerated = split_tolerated(self.sets.proven, self._ground)
        is_open = self._ground.bits[counted.indices] & OPEN_BITS & ~PLANT_BITS != 0
        possible = _rows_where(counted, is_open)
        shared = _rows_where(counted, ~is_open) if len(possible.indices) else counted
        open_groups = compose(possible, numbers)
        tables = CommonTables(
            SharedRows(shared, numbers), open_groups, SharedRows(tolerated, numbers)
        )
        return tables, self._groups_behind(open_groups)

    @cached_property
    def _ground(self) -> Ground:
        return lay_ground(
            self.network, self.kind, self.classes, self.section_ends, self.rules.entry_tolerance_m
        )

    @cached_property
    def _proven(self) -> Sifted:
        return sift(self.sets.proven, self._ground)

    @cached_property
    def _logical_room(self) -> _Room:
        """Room for links and devices in common where links, or what carries them, are not known."""
        met, evidence = self._met(self.sets.known), self.evidence
        return self._room(met, evidence.unknown_in, evidence.route_is_carried, LOGICAL_BITS)

    @cached_property
    def _complete(self) -> Sifted:
        return self._met(self.sets.complete)

    @cached_property
    def _plant_room(self) -> _Room:
        """The same for plant."""
        return self._room_for(OPEN_BITS)

    @cached_property
    def _indoor_room(self) -> _Room:
        """The same for what stands indoors."""
        return self._room_for(INDOOR_BITS)

    @cached_property
    def _unsure(self) -> dict[int, tuple[str, ...]]:
        return find_unsure(self.network, self.units, self.evidence, self._complete.kinds != 0)

    @cached_property
    def _is_unsure(self) -> Flags:
        """Units with a route that may share a risk group with every other one."""
        result = np.zeros(len(self.units), dtype=bool)
        result[list(self._unsure)] = True
        return result

    @cached_property
    def _is_roleless(self) -> Flags:
        """Units of which nobody knows where their sections end: what is shared may lie in any."""
        result = np.zeros(len(self.units), dtype=bool)
        result[list(self.roleless)] = True
        return result

    def _judge_whole(self, has_unhoused: Flags) -> _Aspects:
        """Judge the routes from end to end."""
        kinds, is_single = self._proven.kinds, self.evidence.is_single
        logical = _logical(kinds, self._logical_room.whole)
        plant = _plant(kinds, self._plant_room.whole | self._is_unsure)
        indoor = _absent(kinds, INDOOR_BITS, has_unhoused | self._indoor_room.whole)
        physical = np.minimum(plant, indoor)
        physical[(plant == 0) | (indoor == 0)] = 0
        wireless = self._rests_on_wireless()
        is_open = (logical < 0) | (plant < 0) | (physical < 0)
        level = _levels(kinds, is_open, wireless)
        level[is_single] = RANK[Level.SINGLE_ROUTE]
        for aspect in (logical, plant, physical):
            aspect[is_single] = 0
        return _Aspects(level, logical, plant, physical, wireless)

    def _judge_sections(self, has_unhoused: Flags) -> _Aspects:
        """Judge every section, whether or not a unit has it."""
        kinds, is_single = self._proven.in_section, self.evidence.is_single
        roleless = self._is_roleless[:, None]
        logical = _logical(kinds, self._logical_room.in_section | roleless)
        may_share = self._plant_room.in_section | self._is_unsure[:, None] | roleless
        plant = _plant(kinds, may_share)
        wireless = self._rests_on_wireless_in_sections()
        may_indoor = has_unhoused[:, None] | self._indoor_room.in_section
        level = _levels(kinds, (logical < 0) | (plant < 0) | may_indoor, wireless)
        level[is_single] = RANK[Level.SINGLE_ROUTE]
        logical[is_single], plant[is_single], wireless[is_single] = 0, 0, False
        return _Aspects(level, logical, plant, plant, wireless)

    def _access_b_plant(self) -> Trits:
        """Plant diversity of the access section at B, with the tolerance measured from B."""
        may_share = self._plant_room.in_section[:, SECTION_BIT[Section.ACCESS_B]] | self._is_unsure
        may_share |= self._is_roleless
        plant = _plant(self._proven.access_at_b, may_share)
        plant[self.evidence.is_single] = 0
        return plant

    def _room_for(self, bits: int) -> _Room:
        """Room for plant of some kinds in common."""
        evidence = self.evidence
        return self._room(self._complete, evidence.gaps_in, evidence.route_has_plant, bits)

    def _met(self, sets: SharedSets) -> Sifted:
        """Tell what some routes share, near the site or not: another may meet it farther away."""
        return sift(sets, replace(self._ground, tolerance_m=-1.0))

    def _room(self, met: Sifted, gaps_in: Ints, good: Flags, bits: int) -> _Room:
        """Whether a unit's good routes alone leave room for a common element of some kinds.

        An empty set is proof only if the good routes bound it: a unit of which no route is good is
        open, and one whose own end may be a place that a route passes. What routes share between
        different sections is held against all of them: that in which the good ones meet it, and
        those with a gap.
        """
        is_open = self.units.has_unsure_end | ~self._is_bounded(good)
        whole = (gaps_in != 0) & (is_open | (met.kinds & bits != 0))
        is_gap = gaps_in[:, None] >> np.arange(len(_SECTIONS)) & 1 != 0
        is_met = met.in_section & bits != 0
        return _Room(whole, whole[:, None] & (is_open[:, None] | is_gap | is_met))

    def _is_bounded(self, good: Flags) -> Flags:
        """Units of which some circuit has a good route in each of its segments."""
        circuits = self.network.circuits
        table = circuits.segment_routes
        segment_is_good = np.zeros(len(table), dtype=bool)
        segment_is_good[table.owners[good[table.indices]]] = True
        circuit_is_good = np.ones(len(circuits), dtype=bool)
        bad = ~segment_is_good[circuits.segments.indices]
        circuit_is_good[circuits.segments.owners[bad]] = False
        return self._has_circuit(circuit_is_good)

    def _has_circuit(self, flag: Flags) -> Flags:
        """Units with a circuit of some kind."""
        table = self.units.circuits
        result = np.zeros(len(table), dtype=bool)
        result[table.owners[flag[table.indices]]] = True
        return result

    def _rests_on_wireless(self) -> Flags:
        """Units that would share something without their wireless routes."""
        evidence = self.evidence
        is_bounded = self._is_bounded(evidence.route_is_wired & evidence.route_has_plant)
        kinds = sift(self.sets.wired, self._ground).kinds
        return evidence.has_wireless & (~is_bounded | (kinds != 0))

    def _rests_on_wireless_in_sections(self) -> Flags:
        """Find the same by section, of those in which a route is wireless; (units, sections)."""
        result = np.zeros((len(self.units), len(_SECTIONS)), dtype=bool)
        routes = self.units.routes
        for section, sets in self.sets.wired_in.items():
            bit, wired = SECTION_BIT[section], self.route_is_wired_in[section]
            has_wireless = np.zeros(len(self.units), dtype=bool)
            has_wireless[routes.owners[~wired[routes.indices]]] = True
            is_bounded = self._is_bounded(wired & self.evidence.route_has_plant)
            kinds = sift(sets, self._ground).in_section[:, bit]
            is_met = kinds & (OPEN_BITS | LOGICAL_BITS) != 0
            result[:, bit] = has_wireless & (~is_bounded | is_met)
        return result

    def _is_suspected(self, whole: _Aspects) -> Flags:
        """Units of one trench that only a suspicion puts there."""
        is_trench = whole.level == RANK[Level.SAME_TRENCH]
        suspected: Flags = is_trench & (self._proven.kinds & _TRENCH_BITS == 0)
        return suspected

    def _groups_behind(self, possible: Csr) -> Csr:
        """Give the recorded groups of those that may be shared, which are numbered last."""
        groups = np.unique(self.network.elements.possible_risks.indices)
        return Csr(possible.indptr, groups[possible.indices - (len(self.kind) - len(groups))])

    def _could_be_worse(self, whole: _Aspects) -> Flags:
        """Units whose level is better than that of a shared risk group."""
        could: Flags = whole.level > RANK[Level.SAME_RISK_GROUP]
        return could

    def _sections(
        self, has_unhoused: Flags
    ) -> tuple[NDArray[np.int32], tuple[SectionsOfUnit, ...]]:
        """Levels and aspects by section: the row of each unit, and the rows."""
        found = self._judge_sections(has_unhoused)
        table = np.column_stack([
            self.evidence.sections, found.level, found.plant, found.logical, found.needs_wireless
        ]).astype(np.int8)  # fmt: skip
        first, row = np.unique(equal_columns(*table.astype(np.int64).T), return_inverse=True)
        return row.astype(np.int32), tuple([sections_of_unit(r) for r in table[first].tolist()])


def _logical(kinds: Ints, may_share: Flags) -> Trits:
    """No common link, and no common device without hot standby."""
    value = np.where((kinds & UNKNOWN_STANDBY_BIT != 0) | may_share, -1, 1)
    value[kinds & (_LINK_BITS | NO_STANDBY_BIT) != 0] = 0
    return value


def _plant(kinds: Ints, may_share: Flags) -> Trits:
    """No plant is shared; open where a group may be."""
    return _absent(kinds, PLANT_BITS, may_share | (kinds & OPEN_BITS & ~PLANT_BITS != 0))


def _absent(kinds: Ints, bits: int, may_share: Flags) -> Trits:
    """Nothing of some kinds is shared."""
    value = np.where(may_share, -1, 1)
    value[kinds & bits != 0] = 0
    return value


def _levels(kinds: Ints, is_open: Flags, needs_wireless: Flags) -> Ints:
    """Worst proven sharing; where nothing is proven, what else stands in the way; as ranks."""
    level = np.where(needs_wireless, RANK[Level.RADIO_BACKUP], RANK[Level.DIVERSE])
    level[is_open] = RANK[Level.UNDECIDABLE]
    masks, where = np.unique(kinds & KIND_BITS, return_inverse=True)
    ranks = np.array([_worst_rank(mask) for mask in masks.tolist()], dtype=np.int64)
    proven = ranks[where.reshape(kinds.shape)]
    return np.where(proven >= 0, proven, level)


def _worst_rank(mask: int) -> int:
    found = worst(level for kind, level in LEVEL_OF_KIND.items() if mask >> kind & 1)
    return -1 if found is None else RANK[found]


def _rows_where(table: Csr, keep: Flags) -> Csr:
    """Rows of a table, less some entries."""
    counts = np.bincount(table.owners[keep], minlength=len(table))
    return Csr(np.append(0, np.cumsum(counts)), table.indices[keep])
