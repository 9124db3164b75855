"""What a unit shares beside stretches: points, risk groups, offices and devices on its route."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Section
from netgraph.diversity.sharing.runs import SharedRun
from netgraph.diversity.sharing.stretches import BY_CABLE, BY_LINK, BY_TRENCH, NOT_SHARED
from netgraph.topology.elements import BUILDING, CABLE, DEVICE, LINK, LOCATION, POINT, SPAN, TRENCH
from netgraph.topology.paths import RouteWalk, walk_route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.verdict import Verdict
    from netgraph.topology.csr import Ints

_SECTIONS = tuple(Section)


@dataclass(frozen=True)
class _Way:
    """The working route, and for each piece its section and its strongest shared kind."""

    walk: RouteWalk
    section: Ints
    kind: Ints
    is_protected: NDArray[np.bool_]

    @cached_property
    def covered(self) -> frozenset[int]:
        """Places that a shared stretch already runs through."""
        hit = self.kind != NOT_SHARED
        return frozenset(self.walk.entry[hit].tolist()) | frozenset(self.walk.exit_[hit].tolist())


def find_points(audit: Audit, verdict: Verdict) -> Iterator[SharedRun]:
    """Shared points, risk groups, offices and devices that no shared stretch accounts for."""
    way = _way(audit, verdict)
    yield from _points(audit, verdict, way)
    yield from _risk_groups(audit, verdict, way)
    yield from _indoors(audit, verdict, way)


def _way(audit: Audit, verdict: Verdict) -> _Way:
    network = audit.network
    circuit = verdict.circuits[0]
    a_home = int(network.places.padded_home[network.circuits.a[circuit]])
    walks, protected = [], []
    for segment in network.circuits.segments.row(circuit):
        working, *protect = network.circuits.segment_routes.row(int(segment)).tolist()
        walks.append(walk_route(network, audit.paths, working, a_home))
        protected.append(np.full(len(walks[-1].link), bool(protect)))
    walk = _join(walks)
    section = audit.entry_section[walk.link_entry]
    return _Way(walk, section, _kinds(audit, verdict, walk), np.concatenate(protected))


def _join(walks: list[RouteWalk]) -> RouteWalk:
    if len(walks) == 1:
        return walks[0]
    shift = np.cumsum([0.0] + [float(w.end_m[-1]) if len(w.end_m) else 0.0 for w in walks])
    moved = [
        replace(w, start_m=w.start_m + s, end_m=w.end_m + s)
        for w, s in zip(walks, shift[:-1], strict=True)
    ]
    names = RouteWalk.__dataclass_fields__
    return RouteWalk(**{name: np.concatenate([getattr(w, name) for w in moved]) for name in names})


def _kinds(audit: Audit, verdict: Verdict, walk: RouteWalk) -> Ints:
    shared = np.array(verdict.shared, dtype=np.int64)
    elements, spans = audit.network.elements, audit.network.spans
    kinds = np.full(len(walk.span), NOT_SHARED, dtype=np.int64)
    if len(shared) == 0:
        return kinds
    kind = audit.kind[shared]
    on_span = np.flatnonzero(walk.span >= 0)
    span = walk.span[on_span]
    common = np.sort(np.concatenate([shared[kind == SPAN], _suspected(audit, shared)]))
    hit = _is_in(span, common - elements.offset["spans"])
    if (kind == TRENCH).any():
        hit |= _is_in(spans.trench[span], shared[kind == TRENCH] - elements.offset["trenches"])
    kinds[on_span[hit]] = BY_TRENCH
    if (kind == CABLE).any():
        kinds[_is_in(walk.cable, shared[kind == CABLE] - elements.offset["cables"])] = BY_CABLE
    if (kind == LINK).any():
        kinds[_is_in(walk.link, shared[kind == LINK] - elements.offset["links"])] = BY_LINK
    return kinds


def _suspected(audit: Audit, shared: Ints) -> Ints:
    """Span elements of the shared suspicions."""
    n = len(audit.network.elements)
    risks = shared[shared >= n] - n
    risks = risks[audit.risks.is_suspect[risks]]
    if len(risks) == 0:
        return np.empty(0, dtype=np.int64)
    members = audit.risk_members
    return np.concatenate([members.row(int(r)) for r in risks])


def _lasting(audit: Audit, walk: RouteWalk, piece: Ints) -> tuple[int, int]:
    """First and last lasting point on a stretch; its very ends where it has no two."""
    stops = np.concatenate([walk.entry[piece[:1]], walk.exit_[piece]])
    known = stops[stops >= 0]
    lasting = known[audit.network.places.is_lasting[known]]
    chosen = lasting if len(lasting) >= 2 else known
    return (int(chosen[0]), int(chosen[-1])) if len(chosen) else (-1, -1)


def _visits(way: _Way, place: int) -> Ints:
    """Pieces that a place ends or begins."""
    return np.flatnonzero((way.walk.entry == place) | (way.walk.exit_ == place))


def _at_point(way: _Way, kind: str, name: str, place: int, pieces: Ints) -> SharedRun:
    if len(pieces) == 0:
        return SharedRun(kind, place, place, (name,), 0.0, 0.0, "")
    piece = pieces[0]
    at = way.walk.start_m if way.walk.entry[piece] == place else way.walk.end_m
    section = _SECTIONS[way.section[piece]].value
    return SharedRun(kind, place, place, (name,), 0.0, float(at[piece]), section)


def _points(audit: Audit, verdict: Verdict, way: _Way) -> Iterator[SharedRun]:
    elements, covered = audit.network.elements, way.covered
    shared = np.array(verdict.shared, dtype=np.int64)
    first_place = elements.offset["places"]
    for place in (shared[audit.kind[shared] == POINT] - first_place).tolist():
        if place not in covered:
            name = str(elements.ids[first_place + place])
            yield _at_point(way, "structure", name, place, _visits(way, place))


def _risk_groups(audit: Audit, verdict: Verdict, way: _Way) -> Iterator[SharedRun]:
    """Shared recorded groups, at every member on the route that nothing above accounts for."""
    n, first_place = len(audit.network.elements), audit.network.elements.offset["places"]
    listed = way.covered | {e - first_place for e in verdict.shared}
    groups = [e for e in verdict.shared if e >= n and not audit.risks.is_suspect[e - n]]
    for element in groups:
        members = audit.risk_members.row(element - n)
        name = str(audit.risks.ids[element - n])
        on_piece = _member_pieces(audit, way, members)
        pieces = np.flatnonzero(on_piece & (way.kind == NOT_SHARED))
        places = _member_places(audit, verdict, way, members)
        near = {*way.walk.entry[pieces].tolist(), *way.walk.exit_[pieces].tolist()}
        for piece in np.split(pieces, np.flatnonzero(np.diff(pieces) > 1) + 1):
            if len(piece):
                yield _risk_stretch(audit, way, name, piece)
        for place in places:
            if place not in listed and place not in near:
                yield _at_point(way, "risk_group", name, place, _visits(way, place))
        if not (on_piece.any() or places):  # nothing that has a place on the route
            yield SharedRun("risk_group", -1, -1, (name,), 0.0, 0.0, "")


def _member_pieces(audit: Audit, way: _Way, members: Ints) -> NDArray[np.bool_]:
    """Pieces of the route that are members, or whose cable or link is one."""
    offset, walk = audit.network.elements.offset, way.walk
    found = (walk.span >= 0) & _is_in(walk.span + offset["spans"], members)
    found |= (walk.cable >= 0) & _is_in(walk.cable + offset["cables"], members)
    return found | _is_in(walk.link + offset["links"], members)


def _is_in(values: Ints, members: Ints) -> NDArray[np.bool_]:
    """Which values are among some members, which ascend."""
    if len(members) == 0:
        return np.zeros(len(values), dtype=bool)
    at = np.minimum(np.searchsorted(members, values), len(members) - 1)
    found: NDArray[np.bool_] = members[at] == values
    return found


def _member_places(audit: Audit, verdict: Verdict, way: _Way, members: Ints) -> list[int]:
    """Places on the route that are members, or house a network element or room that is one.

    The unit's own ends are left out.
    """
    own = audit.units.exempt.row(verdict.unit)
    network, offset, walk = audit.network, audit.network.elements.offset, way.walk
    places = np.concatenate([walk.entry[:1], walk.exit_])
    places = places[places >= 0]
    found = places[_is_in(places + offset["places"], members)].tolist()
    links = np.unique(walk.link)
    for ends in (network.links.a_equipment[links], network.links.b_equipment[links]):
        devices = ends[ends >= 0]
        rooms = network.equipment.room[devices]
        inside = _is_in(devices + offset["equipment"], members)
        inside |= (rooms >= 0) & _is_in(rooms + offset["rooms"], members)
        found += network.equipment.location[devices[inside]].tolist()
    return [p for p in dict.fromkeys(found) if network.places.home[p] not in own]


def _risk_stretch(audit: Audit, way: _Way, name: str, piece: Ints) -> SharedRun:
    first, last = _lasting(audit, way.walk, piece)
    return SharedRun(
        kind="risk_group",
        from_place=first,
        to_place=last,
        elements=(name,),
        length_m=float(np.nansum(way.walk.length_m[piece])),
        distance_from_a_m=float(way.walk.start_m[piece[0]]),
        section=_SECTIONS[way.section[piece[0]]].value,
    )


def _indoors(audit: Audit, verdict: Verdict, way: _Way) -> Iterator[SharedRun]:
    """Shared offices, buildings and devices that no shared stretch already ends at."""
    elements, covered = audit.network.elements, way.covered
    shared = np.array(verdict.shared, dtype=np.int64)
    offices = shared[audit.kind[shared] == LOCATION] - elements.offset["places"]
    housed = set(audit.network.places.building[offices].tolist())
    for element in shared[np.isin(audit.kind[shared], (LOCATION, DEVICE, BUILDING))].tolist():
        kind, place = "office", elements.position("places", element)
        if audit.kind[element] == DEVICE:
            device = elements.position("equipment", element)
            kind, place = "equipment", int(audit.network.equipment.location[device])
        elif audit.kind[element] == BUILDING:
            building = elements.position("buildings", element)
            if building in housed:
                continue
            place = _entered_at(audit, way, building)
        if place not in covered:
            yield _at_point(way, kind, str(elements.ids[element]), place, _visits(way, place))


def _entered_at(audit: Audit, way: _Way, building: int) -> int:
    """First place of a building on the route."""
    stops = np.concatenate([way.walk.entry[:1], way.walk.exit_])
    stops = stops[stops >= 0]
    inside = stops[audit.network.places.building[stops] == building]
    return int(inside[0]) if len(inside) else -1
