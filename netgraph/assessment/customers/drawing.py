"""The map of one customer: its sites by grade, all its routes, and its hazards by number."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.assessment.handover.map_drawing import map_sheet, town_names
from netgraph.assessment.handover.route_lines import piece_shapes
from netgraph.report.maps.drawings import Hazards, Lines, MapDrawing, Places, Points, Sites
from netgraph.topology.csr import gather_positions
from netgraph.topology.places import OFFICE
from netgraph.topology.routes import PROTECT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.hazards import Cause
    from netgraph.diversity.verdict import Verdict
    from netgraph.topology.csr import Ints

_PARTS = ("protect", "working", "undecidable", "shared")  # what comes later wins
_AROUND = 0.1  # of the extent: how far around the routes towns are named
_NUMBERED = 10  # hazards that bear their number
_FEW_SITES = 60
_INCHES, _MANY_INCHES = (5.0, 4.6), (9.0, 9.2)  # of the map; symbols of many sites need room


def customer_drawing(
    results: Results,
    title: str,
    standings: Sequence[SiteStanding],
    verdicts: Sequence[Verdict],
    causes: Sequence[Cause],
) -> MapDrawing:
    """Gather the map of one customer.

    Parameters
    ----------
    title
        Of the map.
    standings, verdicts, causes
        Of the customer; causes worst first: the first ones get their number.
    """
    sheet = map_sheet(results, results.options.lang)
    places = results.network.places
    routes, offices = _routes(results.audit, verdicts)
    shown = [s for s in reversed(standings) if np.isfinite(places.lon[s.place])]
    rows = [s.place for s in shown]
    located = [(i, c) for i, c in enumerate(causes, 1) if np.isfinite(c.lon)][:_NUMBERED]
    lon = np.array([cause.lon for _, cause in located])
    lat = np.array([cause.lat for _, cause in located])
    inches = _INCHES if len(rows) <= _FEW_SITES else _MANY_INCHES
    return MapDrawing(
        sheet=replace(sheet, title=title, attribution="", most_inches=inches),
        routes=routes,
        offices=Points(
            places.lon[offices], places.lat[offices],
            [str(places.role[p]) or "access" for p in offices],
        ),
        sites=Sites(
            places.lon[rows], places.lat[rows], [s.tier for s in shown],
            grades=[s.score.grade if s.score else "" for s in shown],
        ),
        hazards=Hazards(
            lon, lat, [cause.severity.value for _, cause in located],
            weights=np.ones(len(located)),
            totals=Counter(cause.severity.value for cause in causes),
        ),
        places=_names(
            town_names(results), routes, (lon, lat), [str(number) for number, _ in located]
        ),
    )  # fmt: skip


def _routes(audit: Audit, verdicts: Sequence[Verdict]) -> tuple[Lines, list[int]]:
    """Each stretch of the routes once, by its worst part; and the offices on the way."""
    network, paths = audit.network, audit.paths
    part = np.full(len(paths.a), -1)
    for verdict in verdicts:
        pieces, is_protect = _pieces(audit, verdict)
        own = np.where(is_protect, 0, 1)
        link = pieces - paths.n_spans - paths.n_cables
        bare = (pieces >= paths.n_spans) & (
            (link < 0) | ~network.links.is_wireless[np.maximum(link, 0)]
        )
        own[bare] = _PARTS.index("undecidable")
        own[_is_shared(audit, verdict, pieces)] = _PARTS.index("shared")
        np.maximum.at(part, pieces, own)
    used = np.flatnonzero(part >= 0)
    ends = np.concatenate([paths.a[used], paths.b[used]])
    stops = np.unique(ends[ends >= 0])
    places = network.places
    offices = stops[(places.kind[stops] == OFFICE) & np.isfinite(places.lon[stops])]
    words = [_PARTS[code] for code in part[used]]
    return Lines(piece_shapes(audit)[used], words), [int(office) for office in offices]


def _is_shared(audit: Audit, verdict: Verdict, pieces: Ints) -> NDArray[np.bool_]:
    """Whether pieces lie in what both routes share: the span or cable itself, or its trench."""
    network, paths, n = audit.network, audit.paths, len(audit.network.elements)
    offset, spans = network.elements.offset, network.spans
    shared = np.array(verdict.shared, dtype=np.int64)
    groups = shared[shared >= n] - n
    suspected = [audit.risk_members.row(int(g)) for g in groups[audit.risks.is_suspect[groups]]]
    shared = np.concatenate([shared, *suspected])
    kinds = np.array([offset["spans"], offset["cables"], offset["links"]])
    first = np.array([0, paths.n_spans, paths.n_spans + paths.n_cables])
    kind = np.searchsorted(first, pieces, side="right") - 1
    found = np.isin(pieces - first[kind] + kinds[kind], shared)
    on_span = kind == 0
    trench = spans.trench[pieces[on_span]]
    found[on_span] |= (trench >= 0) & np.isin(offset["trenches"] + trench, shared)
    return found


def _pieces(audit: Audit, verdict: Verdict) -> tuple[Ints, Ints]:
    """Pieces of all routes of a group, and whether each lies on a protect route.

    The other circuits of a group are its first one's protection.
    """
    circuits = audit.network.circuits
    routes = circuits.routes
    found, later = [], []
    for i, circuit in enumerate(verdict.circuits):
        own = circuits.routes_of(circuit)
        found.append(own)
        later.append((routes.role[own] == PROTECT) | (i > 0))
    rows, owner = gather_positions(routes.links, np.concatenate(found))
    links = 2 * routes.links.indices[rows] + routes.is_reversed[rows]
    pieces, of_link = gather_positions(audit.paths.of_link, links)
    is_protect = np.concatenate(later)[owner][of_link]
    return audit.paths.of_link.indices[pieces] // 2, is_protect


def _names(
    towns: Places,
    routes: Lines,
    numbered: tuple[NDArray[np.float64], NDArray[np.float64]],
    numbers: Sequence[str],
) -> Places:
    """Towns around the routes, and before them the numbers of the hazards."""
    near = np.zeros(len(towns), dtype=bool)
    known = routes.geometries[~shapely.is_missing(routes.geometries)]
    if len(known):
        west, south, east, north = shapely.total_bounds(known)
        pad = _AROUND * max(east - west, north - south)
        near = (west - pad <= towns.x) & (towns.x <= east + pad)
        near &= (south - pad <= towns.y) & (towns.y <= north + pad)
    chosen = np.flatnonzero(near).tolist()
    lon, lat = numbered
    return Places(
        np.concatenate((lon, towns.x[near])), np.concatenate((lat, towns.y[near])), (),
        [*numbers, *(towns.names[i] for i in chosen)],
        [1] * len(numbers) + [towns.ranks[i] + 1 for i in chosen],
    )  # fmt: skip
