"""Cut a found route into hops between equipment: existing links, and links to be made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.places import OFFICE
from netgraph.upgrades.second_route import CABLE, LINK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.second_route import Piece


@dataclass(frozen=True)
class Strand:
    """One existing cable, or one run of spans for a new cable, with the places at its ends.

    Attributes
    ----------
    span_ends
        Places where each span is entered and left.
    """

    cable: str
    spans: tuple[str, ...]
    entry: str
    exit_: str
    span_ends: tuple[tuple[str, str], ...] = ()

    @property
    def turned(self) -> Strand:
        """The same, the other way."""
        ends = tuple((far, near) for near, far in reversed(self.span_ends))
        return Strand(self.cable, self.spans[::-1], self.exit_, self.entry, ends)


@dataclass(frozen=True)
class Hop:
    """Part of a route between two stops.

    Attributes
    ----------
    from_end, to_end
        What the link ends on: equipment, or the site or office itself where there is none.
    link_id
        Link that already runs so; "" where one must be made on the strands.
    """

    from_end: str
    to_end: str
    strands: tuple[Strand, ...] = ()
    link_id: str = ""

    @property
    def in_order(self) -> Hop:
        """The same from its lesser end: one way of writing a hop down for both directions."""
        if self.from_end <= self.to_end:
            return self
        strands = tuple(strand.turned for strand in reversed(self.strands))
        return Hop(self.to_end, self.from_end, strands, self.link_id)


class StopBook:
    """Knows where a new link can end: the equipment in each building."""

    def __init__(self, network: LayeredNetwork) -> None:
        self._network = network
        self._home = network.places.padded_home
        self._devices = self._devices_by_home()

    def hops(self, pieces: Sequence[Piece], start: int, goal: int, taken: Ints) -> list[Hop]:
        """Cut a route from a site to its centre.

        Parameters
        ----------
        start, goal
            Places of the site and the centre.
        taken
            Equipment of the route that stays (positions): no stop of this one.
        """
        barred = frozenset(taken.tolist()) - self._at(start) - self._at(goal)
        hops: list[Hop] = []
        run: list[Piece] = []
        at = self._end(start)
        for position, piece in enumerate(pieces):
            if piece.kind == LINK:
                near, far = self._link_ends(piece)
                if run:
                    hops.append(Hop(at, near, self._strands(run)))
                    run = []
                hops.append(Hop(near, far, link_id=str(self._network.links.ids[piece.item])))
                at = far
                continue
            run.append(piece)
            is_last = position == len(pieces) - 1
            is_before_link = not is_last and pieces[position + 1].kind == LINK
            if is_before_link:
                continue
            stop = self._end(goal) if is_last else self._free(self._exit(piece), barred)
            if stop:
                hops.append(Hop(at, stop, self._strands(run)))
                run, at = [], stop
        return hops

    def _at(self, place: int) -> frozenset[int]:
        found = self._devices.get(int(self._home[place]), ())
        return frozenset(found) if self._home[place] >= 0 else frozenset()

    def _end(self, place: int) -> str:
        """Equipment that a route begins or ends on; the place itself where there is none."""
        home = int(self._home[place])
        devices = self._devices.get(home, ()) if home >= 0 else ()
        if devices:
            return str(self._network.equipment.ids[devices[0]])
        return str(self._network.places.ids[place])

    def _free(self, place: int, barred: frozenset[int]) -> str:
        """Equipment that a new link may stop at here, "" if there is none."""
        home = int(self._home[place])
        devices = self._devices.get(home, ()) if home >= 0 else ()
        found = next((d for d in devices if d not in barred), None)
        return "" if found is None else str(self._network.equipment.ids[found])

    def _link_ends(self, piece: Piece) -> tuple[str, str]:
        """Equipment at the ends of a link, in the direction of travel, else the places."""
        links, network = self._network.links, self._network
        devices = links.a_equipment[piece.item], links.b_equipment[piece.item]
        places = links.a_place[piece.item], links.b_place[piece.item]
        ends = [
            str(network.equipment.ids[device] if device >= 0 else network.places.ids[place])
            for device, place in zip(devices, places, strict=True)
        ]
        return (ends[1], ends[0]) if piece.is_reversed else (ends[0], ends[1])

    def _ends(self, piece: Piece) -> tuple[int, int]:
        table = self._network.cables if piece.kind == CABLE else self._network.spans
        ends = int(table.a[piece.item]), int(table.b[piece.item])
        return ends[::-1] if piece.is_reversed else ends

    def _exit(self, piece: Piece) -> int:
        return self._ends(piece)[1]

    def _strands(self, run: Sequence[Piece]) -> tuple[Strand, ...]:
        """Existing cables as they are; spans that follow one another hold one new cable."""
        network, ids = self._network, self._network.places.ids
        found: list[Strand] = []
        for piece in run:
            entry, exit_ = (str(ids[place]) for place in self._ends(piece))
            if piece.kind == CABLE:
                found.append(Strand(str(network.cables.ids[piece.item]), (), entry, exit_))
                continue
            span = str(network.spans.ids[piece.item])
            last = found.pop() if found and found[-1].spans else Strand("", (), entry, entry)
            ends = (*last.span_ends, (entry, exit_))
            found.append(Strand("", (*last.spans, span), last.entry, exit_, ends))
        return tuple(found)

    def _devices_by_home(self) -> dict[int, list[int]]:
        """Equipment in service that is the operator's own, by building, the best to end on first.

        Network elements of offices and CPE at sites; what is manageable and in hot standby comes
        first, then what carries most links already.
        """
        equipment, table = self._network.equipment, self._network.inventory.table("equipment")
        links, places = self._network.links, self._network.places
        ends = np.concatenate([links.a_equipment, links.b_equipment])
        load = np.bincount(ends[ends >= 0], minlength=len(equipment))
        in_office = places.kind[equipment.location] == OFFICE
        is_ours = np.isin(table["owner"].astype(str), ["", "operator"])
        fits = (table["kind"] == "cpe") != in_office
        usable = is_ours & fits & equipment.is_in_service & (equipment.location >= 0)
        result: dict[int, list[tuple[bool, int, str, int]]] = {}
        for device in np.flatnonzero(usable).tolist():
            is_good = table["manageable"][device] == 1 and table["hot_standby"][device] == 1
            home = int(self._home[equipment.location[device]])
            row = (not is_good, -int(load[device]), str(equipment.ids[device]), device)
            result.setdefault(home, []).append(row)
        return {home: [row[-1] for row in sorted(rows)] for home, rows in result.items()}
