"""What the pieces and places of a unit's routes are marked by: shared, tolerated, alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from netgraph.topology.places import STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.diversity.audit.run import Audit

_STRETCHES = frozenset({"link", "cable", "trench"})


@dataclass(frozen=True)
class Mark:
    """How one piece or place is marked.

    Attributes
    ----------
    mark
        "", shared, circuit or tolerated (see :class:`netgraph.report.trace.sheet.Cell`).
    share
        Kind of what is shared, the strongest.
    keys
        Every element and risk group behind it, in the numbering of the audit.
    names
        Ids of the strongest.
    """

    mark: str = ""
    share: str = ""
    keys: frozenset[int] = frozenset()
    names: tuple[str, ...] = ()

    @property
    def cut_key(self) -> tuple[str, str, tuple[str, ...]]:
        """Pieces with equal keys make one cell; trenches in a row are one trench."""
        names = () if self.share == "trench" else self.names
        return self.mark, self.share, names


NOTHING = Mark()


@dataclass(frozen=True)
class Marker:
    """Looks up marks.

    Attributes
    ----------
    shared, circuit, tolerated
        Elements and risk groups that the unit shares, that the routes of one circuit share
        although its unit does not, and that are tolerated at A.
    missing
        Records that the unit's verdict lacks.
    """

    audit: Audit
    shared: frozenset[int]
    circuit: frozenset[int] = frozenset()
    tolerated: frozenset[int] = frozenset()
    missing: frozenset[str] = frozenset()

    @cached_property
    def _sets(self) -> tuple[tuple[str, frozenset[int]], ...]:
        return (
            ("shared", self.shared),
            ("circuit", self.circuit - self.shared),
            ("tolerated", self.tolerated - self.shared - self.circuit),
        )

    def of_piece(self, link: int, cable: int, span: int) -> Mark:
        """Mark a piece by the strongest that it shares: link over cable over trench over group."""
        offset, spans = self.audit.network.elements.offset, self.audit.network.spans
        own = [offset["links"] + link]
        candidates: list[tuple[str, list[int]]] = [("link", own)]
        if cable >= 0:
            candidates.append(("cable", [offset["cables"] + cable]))
        if span >= 0:
            trench = int(spans.trench[span])
            element = offset["spans"] + span
            found = [offset["trenches"] + trench] if trench >= 0 else []
            candidates.append(("trench", [*found, element, *self._groups(element, suspect=True)]))
        elements = [e for _, members in candidates for e in members if e < self._n]
        groups = [g for e in elements for g in self._groups(e, suspect=False)]
        candidates.append(("risk_group", groups))
        return self._strongest(candidates)

    def of_place(self, place: int) -> Mark:
        """Mark a point of the outside plant; a building is marked by :meth:`of_stop`."""
        if place < 0 or int(self.audit.network.places.kind[place]) != STRUCTURE:
            return NOTHING
        return self.of_stop(place, ())

    def of_stop(self, place: int, devices: tuple[int, ...]) -> Mark:
        """Mark a place with the devices that a route uses there."""
        if place < 0:
            return NOTHING
        network = self.audit.network
        places, equipment, offset = network.places, network.equipment, network.elements.offset
        itself = offset["places"] + place
        is_point = int(places.kind[place]) == STRUCTURE
        rooms = [
            int(equipment.room[d]) + offset["rooms"] for d in devices if equipment.room[d] >= 0
        ]
        indoors = [d + offset["equipment"] for d in devices]
        house = [int(places.building[place]) + offset["buildings"]]
        house = house if places.building[place] >= 0 else []
        groups = [
            g for e in (itself, *indoors, *rooms, *house) for g in self._groups(e, suspect=False)
        ]
        return self._strongest([
            ("structure", [itself] if is_point else []),
            ("risk_group", groups),
            ("equipment", indoors),
            ("office", [*([] if is_point else [itself]), *rooms, *house]),
        ])  # fmt: skip

    def number_of_place(self, place: int) -> int:
        """Give the element number of a place."""
        return self.audit.network.elements.offset["places"] + place

    @property
    def _n(self) -> int:
        return len(self.audit.network.elements)

    def _groups(self, element: int, *, suspect: bool) -> Iterator[int]:
        """Give the risk groups of an element, numbered after the elements."""
        risks = self.audit.risks
        for group in risks.of_element.row(element).tolist():
            if bool(risks.is_suspect[group]) == suspect:
                yield group + self._n

    def _strongest(self, candidates: list[tuple[str, list[int]]]) -> Mark:
        home = self.audit.network.elements.home
        for mark, members in self._sets:
            hits = [(share, [e for e in found if e in members]) for share, found in candidates]
            if mark == "tolerated":  # what stands in the site's own building needs no mark
                hits = [(s, [e for e in f if e >= self._n or home[e] < 0]) for s, f in hits]
            strongest = next(((share, found) for share, found in hits if found), None)
            if strongest is not None:
                share, found = strongest
                keys = frozenset(e for _, every in hits for e in every)
                shown = found[:1] if share == "trench" else found
                return Mark(mark, share, keys, tuple(dict.fromkeys(map(self.name, shown))))
        return NOTHING

    def name(self, element: int) -> str:
        """Give the id of an element or risk group."""
        if element < self._n:
            return str(self.audit.network.elements.ids[element])
        return str(self.audit.risks.ids[element - self._n])
