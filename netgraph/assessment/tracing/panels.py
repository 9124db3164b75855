"""Two lanes side by side for every circuit of a unit; routes that run alike share a lane."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netgraph.assessment.tracing.lanes import LaneBuilder, cut_alike
from netgraph.assessment.tracing.marks import Marker
from netgraph.report.trace.sheet import Panel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from netgraph.assessment.tracing.lanes import Way
    from netgraph.diversity.audit.positions import SharedPositions, SharedRun
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.verdict import Verdict
    from netgraph.report.trace.sheet import Cell, Lane

_ROLES = ("working", "protect")
#: Findings about a whole route: no cell stands for them.
WHOLE_ROUTE = frozenset({"single_route", "radio_backup", "undecidable"})
_SLACK_M = 0.5


@dataclass(frozen=True)
class _Seat:
    """One lane to come: its route, every (circuit, role) that runs exactly like it, and why not."""

    route: int
    routes: tuple[tuple[str, str], ...]
    problem: str


def unit_panels(
    audit: Audit, verdict: Verdict, located: SharedPositions, order: Sequence[int]
) -> tuple[Panel, ...]:
    """Lay out the routes of a unit as pairs of lanes.

    Parameters
    ----------
    verdict, located
        Of the unit.
    order
        Its circuits, the one that was asked for first.

    Returns
    -------
    tuple of Panel
        A pair of lanes for every circuit (every segment of it); circuits on the same routes share
        one, and single routes that back each other up stand side by side.
    """
    circuits = audit.network.circuits
    if all(len(circuits.segments.row(c)) == 1 for c in order):
        marker = marker_of(audit, verdict, order)
        panels = [_panel(audit, marker, seats) for seats in _seats(audit, order)]
    else:
        panels = [panel for c in order for panel in _segment_panels(audit, verdict, c)]
    return tuple(_numbered(audit, verdict, located, panels))


def marker_of(audit: Audit, verdict: Verdict, circuits: Iterable[int]) -> Marker:
    """Mark by the unit's verdict, and by those of its circuits where the unit has another way."""
    own = {e for c in circuits for e in audit.of_circuit(c).shared}
    return Marker(
        audit,
        frozenset(verdict.shared),
        frozenset(own),
        frozenset(verdict.tolerated),
        frozenset(verdict.missing),
    )


def _seats(audit: Audit, order: Sequence[int]) -> list[tuple[_Seat, ...]]:
    """Pairs of seats: first circuits with two routes, then the single routes two by two."""
    circuits = audit.network.circuits
    pairs: dict[frozenset[object], list[tuple[int, tuple[int, ...]]]] = {}
    lone: dict[object, list[tuple[int, int]]] = {}
    for c in order:
        routes = tuple(circuits.segment_routes.row(int(circuits.segments.row(c)[0])).tolist())
        ways = [_way_key(audit, route) for route in routes]
        if len(set(ways)) == 2:
            pairs.setdefault(frozenset(ways), []).append((c, routes))
        else:
            lone.setdefault(ways[0], []).extend((c, route) for route in routes)
    result = []
    for members in pairs.values():
        both = []
        for way in dict.fromkeys(_way_key(audit, r) for r in members[0][1]):
            runs = [(c, r) for c, routes in members for r in routes if _way_key(audit, r) == way]
            both.append(_seat(audit, [*runs, *lone.pop(way, [])]))
        result.append(tuple(both))
    singles = [_seat(audit, members) for members in lone.values()]
    return result + [tuple(singles[i : i + 2]) for i in range(0, len(singles), 2)]


def _way_key(audit: Audit, route: int) -> object:
    """Equal for routes over the same links in the same order, and for routes without any links.

    A working and a protect route of which nothing is known are not taken for the same.
    """
    routes = audit.network.circuits.routes
    links = tuple(routes.links.row(route).tolist())
    return (links, route in routes.problem) if links else (int(routes.role[route]),)


def _seat(audit: Audit, members: Sequence[tuple[int, int]]) -> _Seat:
    routes, ids = audit.network.circuits.routes, audit.network.circuits.ids
    names = tuple((str(ids[c]), _ROLES[int(routes.role[route])]) for c, route in members)
    problems = dict.fromkeys(routes.problem.get(route, "") for _, route in members)
    return _Seat(members[0][1], names, "; ".join(problem for problem in problems if problem))


def _ends(audit: Audit, route: int) -> tuple[int, int]:
    """Places at which a route begins and ends (as far as the circuit says)."""
    circuits, routes = audit.network.circuits, audit.network.circuits.routes
    circuit = int(routes.circuit[route])
    goal = int(circuits.b[circuit])
    if route not in routes.problem and routes.end_place[route] >= 0:
        goal = int(routes.end_place[route])
    return int(circuits.a[circuit]), goal


def _panel(audit: Audit, marker: Marker, seats: Sequence[_Seat]) -> Panel:
    builder = LaneBuilder(audit, marker)
    ways = [builder.walk(seat.route, _ends(audit, seat.route), 0.0) for seat in seats]
    return _join(builder, ways, seats, segment=0)


def _join(builder: LaneBuilder, ways: Sequence[Way], seats: Sequence[_Seat], segment: int) -> Panel:
    circuits = builder.audit.network.circuits
    lanes = []
    for alike, seat in zip(cut_alike(ways), seats, strict=True):
        way = replace(alike, problem=seat.problem)
        derived = any(
            role == "protect" and bool(circuits.is_derived[circuits.index.find(circuit)])
            for circuit, role in seat.routes
        )
        lanes.append(builder.lane(way, seat.routes, is_derived=derived))
    return Panel(lanes[0], lanes[1] if len(lanes) > 1 else None, segment)


def _segment_panels(audit: Audit, verdict: Verdict, circuit: int) -> list[Panel]:
    """One panel a segment; metres go on from one to the next on either side."""
    circuits = audit.network.circuits
    routes = circuits.routes
    builder = LaneBuilder(audit, marker_of(audit, verdict, [circuit]))
    offsets = [0.0, 0.0]
    panels = []
    begin = int(circuits.a[circuit])
    segments = circuits.segments.row(circuit).tolist()
    for number, segment in enumerate(segments, start=1):
        rows = circuits.segment_routes.row(int(segment)).tolist()
        ends = [int(routes.end_place[route]) for route in rows]
        known = next((end for end in ends if end >= 0), -1)
        goal = known if number < len(segments) or known >= 0 else int(circuits.b[circuit])
        ways = [
            builder.walk(route, (begin, goal), offset)
            for route, offset in zip(rows, offsets, strict=False)
        ]
        seats = [_seat(audit, [(circuit, route)]) for route in rows]
        panels.append(_join(builder, ways, seats, number))
        offsets = [ways[0].end_m, ways[-1].end_m if len(ways) > 1 else ways[0].end_m]
        begin = goal
    return panels


def numbered_runs(located: SharedPositions) -> list[SharedRun]:
    """Give the shared stretches and points that have a number, number 1 first."""
    return [run for run in located.runs if run.kind not in WHOLE_ROUTE]


def _numbered(
    audit: Audit, verdict: Verdict, located: SharedPositions, panels: list[Panel]
) -> list[Panel]:
    """Give shared cells the number of their hazard, counted from A along the working route."""
    runs = numbered_runs(located)
    working = (str(audit.network.circuits.ids[verdict.circuits[0]]), "working")
    numbers_of: dict[tuple[str, int], set[int]] = {}
    for lane in _lanes(panels):
        for cell in lane.cells if working in lane.routes else ():
            number = _find_number(cell, runs)
            for key in cell.keys if number else ():
                numbers_of.setdefault((cell.share, key), set()).add(number)

    def numbered(lane: Lane) -> Lane:
        own = runs if working in lane.routes else []
        cells = (
            replace(cell, number=_find_number(cell, own) or _known_number(cell, numbers_of))
            for cell in lane.cells
        )
        return replace(lane, cells=tuple(cells))

    return [
        replace(panel, left=numbered(panel.left), right=panel.right and numbered(panel.right))
        for panel in panels
    ]


def _lanes(panels: Iterable[Panel]) -> Iterator[Lane]:
    for panel in panels:
        yield panel.left
        if panel.right is not None:
            yield panel.right


def _known_number(cell: Cell, numbers_of: Mapping[tuple[str, int], Collection[int]]) -> int:
    """Look up the number that the same shared thing has on the working route.

    Two hazards in a row have what stands between them in common: the number that most stands for.
    """
    if cell.mark != "shared":
        return 0
    votes = Counter(n for key in cell.keys for n in numbers_of.get((cell.share, key), ()))
    return min(votes, key=lambda number: (-votes[number], number), default=0)


def _find_number(cell: Cell, runs: Sequence[SharedRun]) -> int:
    """Find the number of the hazard that a cell of the working route belongs to, 0 for none."""
    if cell.mark != "shared":
        return 0
    for number, run in enumerate(runs, start=1):
        begin, end = run.distance_from_a_m, run.distance_from_a_m + run.length_m
        is_inside = begin - _SLACK_M <= cell.from_m and cell.to_m <= end + _SLACK_M
        is_named = cell.kind != "place" or bool(set(run.elements) & {*cell.names, cell.start.id})
        if cell.share == run.kind and is_named and (is_inside or run.length_m == 0):
            return number
    return 0
