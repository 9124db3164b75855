"""Which diverse units are also separated: surveyed, and nowhere side by side for long."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.geometry import Routes, draw_lines, separation_profiles
from netgraph.diversity.levels import RANK, Level
from netgraph.topology.paths import Paths, walk_route

if TYPE_CHECKING:
    from netgraph.diversity.audit.columns import Verdicts
    from netgraph.diversity.audit.units import JudgedUnits
    from netgraph.diversity.rules import Rules
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints


def raise_separated(
    network: LayeredNetwork, rules: Rules, units: JudgedUnits, paths: Paths, verdicts: Verdicts
) -> Verdicts:
    """Raise `diverse` to `separated` where the surveyed geometry shows it.

    A unit of two routes is separated if no stretch longer than `run_m` outside the ends lies
    within `separation_m` of the other route; a larger unit if one of its circuits is. Exact on
    the geometry; a route that is not wholly drawn and surveyed is never separated.
    """
    is_asked = (verdicts.level == RANK[Level.DIVERSE]) & verdicts.is_surveyed
    counts = units.routes.counts
    pairs = [
        (unit, rows)
        for unit in np.flatnonzero(is_asked & (counts == 2)).tolist()
        if _has_one_way(network, rows := units.routes.row(unit))
    ]
    if not pairs:
        return verdicts
    used = [[_spans(network, paths, int(route)) for route in rows] for _, rows in pairs]
    lines, place = np.unique(np.concatenate([s for two in used for s in two]), return_inverse=True)
    cuts = np.cumsum([len(s) for two in used for s in two])[:-1]
    numbered = np.split(place, cuts)
    profiles = separation_profiles(
        draw_lines(network.spans.geometry[lines], planar=network.inventory.crs == ""),
        Routes.from_lists([row.tolist() for row in numbered[0::2]]),
        Routes.from_lists([row.tolist() for row in numbered[1::2]]),
        within_m=(rules.separation_m,),
        end_exempt_m=rules.entry_tolerance_m,
    )
    apart = profiles.is_complete.copy()
    long_run = profiles.run_end_m - profiles.run_start_m > rules.run_m
    apart[profiles.run_pair[long_run & ~profiles.run_is_crossing]] = False
    separated = {unit for (unit, _), is_apart in zip(pairs, apart, strict=True) if is_apart}
    for unit in np.flatnonzero(is_asked & (counts > 2)).tolist():
        separated |= {unit} if separated & set(units.circuits.row(unit).tolist()) else set()
    level = verdicts.level.copy()
    level[list(separated)] = RANK[Level.SEPARATED]
    return replace(verdicts, level=level)


def _has_one_way(network: LayeredNetwork, routes: Ints) -> bool:
    """Whether no link of the routes has a second leg, which a walk would leave out."""
    table = network.circuits.routes.links
    legs = network.links.legs.counts
    return all((legs[table.row(int(route))] <= 1).all() for route in routes)


def _spans(network: LayeredNetwork, paths: Paths, route: int) -> Ints:
    """Spans of a route outside its buildings, from A."""
    walk = walk_route(network, paths, route, -1)
    home = network.places.padded_home
    indoors = (home[walk.entry] == home[walk.exit_]) & (home[walk.entry] >= 0)
    return walk.span[~indoors & (walk.span >= 0)]
