"""Which records are missing or stale, link by link: what keeps a verdict from being proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, compose, gather, unique_rows
from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.topology.places import Places
    from netgraph.topology.plant import Cables, Spans
    from netgraph.topology.transport import Equipment, Links


@dataclass(frozen=True)
class LinkEvidence:
    """What is known of each link.

    Attributes
    ----------
    is_complete
        Every cable, span and span end of the link is recorded and joins up (or it needs none).
    is_carried
        What carries the link is recorded, down to cables (or it needs none): nobody lost a link
        below it.
    missing
        For an incomplete link, the records that are missing ("cable_spans of cable C7").
    stale
        For a link that something not in service carries, that thing ("span S3 is retired").
    unhoused
        Link to the offices on it whose building is not recorded (place numbers).
    """

    is_complete: NDArray[np.bool_]
    is_carried: NDArray[np.bool_]
    missing: dict[int, tuple[str, ...]]
    stale: dict[int, str]
    unhoused: Csr


def weigh_links(
    places: Places, spans: Spans, cables: Cables, equipment: Equipment, links: Links
) -> LinkEvidence:
    """Find the missing and the stale records of every link; O(total length of the legs)."""
    missing = _missing(spans, cables, links)
    complete = np.ones(len(links), dtype=bool)
    complete[list(missing)] = False
    return LinkEvidence(
        is_complete=complete,
        is_carried=_carried(links),
        missing=missing,
        stale=_stale(places, spans, cables, equipment, links),
        unhoused=_unhoused(places, spans, cables, links),
    )


def _missing(spans: Spans, cables: Cables, links: Links) -> dict[int, tuple[str, ...]]:
    needs_plant = ~links.is_wireless
    bare = (links.legs.counts == 0) & needs_plant
    unlocated = (links.a_place < 0) | (links.b_place < 0)
    leg_broken = ~links.leg_is_complete
    cable_broken = ~cables.is_complete
    span_values, span_rows = gather(cables.spans, np.arange(len(cables)))
    loose = (spans.a[span_values] < 0) | (spans.b[span_values] < 0)
    cable_broken[span_rows[loose]] = True
    suspect = bare | unlocated
    suspect[links.legs.owners[leg_broken[links.legs.indices]]] = True
    bad_leg = np.zeros(len(links.leg_cables), dtype=bool)
    bad_leg[links.leg_cables.owners[cable_broken[links.leg_cables.indices]]] = True
    suspect[links.legs.owners[bad_leg[links.legs.indices]]] = True
    found = {
        int(link): tuple(_reasons(int(link), links, cables, cable_broken))
        for link in np.flatnonzero(suspect)
    }
    return _with_carriers(links, found)


def _carried(links: Links) -> NDArray[np.bool_]:
    good = (links.legs.counts > 0) | links.is_wireless
    good[links.legs.owners[~links.leg_is_complete[links.legs.indices]]] = False
    if len(links.leg_carriers.indices) == 0:
        return good
    order, circular = links.carriers_first
    good[list(circular)] = False
    if not good.all():
        for link in order:
            good[link] &= good[links.carriers.row(link)].all()
    return good


def _reasons(link: int, links: Links, cables: Cables, cable_broken: NDArray[np.bool_]) -> list[str]:
    reasons = []
    if links.a_place[link] < 0 or links.b_place[link] < 0:
        reasons.append(f"an end of link {links.ids[link]}")
    legs = links.legs.row(link)
    if len(legs) == 0 and not links.is_wireless[link]:
        leased = links.medium[link] == "leased" or links.is_foreign[link]
        what = "route of leased link" if leased else "link_cables of link"
        reasons.append(f"{what} {links.ids[link]}")
    for leg in legs:
        broken = [c for c in links.leg_cables.row(leg) if cable_broken[c]]
        reasons += [
            f"cable_spans of cable {cables.ids[c]}"
            if len(cables.spans.row(c)) == 0
            else f"contiguous cable_spans of cable {cables.ids[c]}"
            for c in broken
        ]
        if not links.leg_is_complete[leg]:
            reasons.append(f"contiguous link_cables of link {links.ids[link]}")
    return reasons


def _with_carriers(links: Links, found: dict[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """Pass what is missing up to the links that it carries; carriers in a circle are missing."""
    result = dict(found)
    if len(links.leg_carriers.indices) == 0:
        return result
    order, circular = links.carriers_first
    for link in order:
        below = [reason for c in links.carriers.row(link) for reason in result.get(int(c), ())]
        if below:
            result[link] = tuple(dict.fromkeys((*result.get(link, ()), *below)))
    for link in circular:
        reason = f"acyclic link_links of link {links.ids[link]}"
        result[link] = (*result.get(link, ()), reason)
    return result


def _stale(
    places: Places, spans: Spans, cables: Cables, equipment: Equipment, links: Links
) -> dict[int, str]:
    stale: dict[int, str] = {}
    for link in np.flatnonzero(~links.is_in_service).tolist():
        stale[link] = f"link {links.ids[link]}"
    for ends in (links.a_equipment, links.b_equipment):
        for link in _ending_at(ends, ~equipment.is_in_service):
            stale.setdefault(link, f"equipment {equipment.ids[ends[link]]}")
    for link, place in _stale_ends(places, links.a_place, links.b_place).items():
        stale.setdefault(link, place)
    dead_cable = _stale_cables(places, spans, cables)
    if dead_cable:
        on_leg = np.isin(links.leg_cables.indices, list(dead_cable))
        leg_to_link = _link_of_leg(links)
        owners = leg_to_link[links.leg_cables.owners[on_leg]].tolist()
        for link, cable in zip(owners, links.leg_cables.indices[on_leg].tolist(), strict=True):
            stale.setdefault(link, dead_cable[cable])
    return _stale_carriers(links, stale)


def _ending_at(ends: Ints, mark: NDArray[np.bool_]) -> list[int]:
    """Rows whose end is known and marked."""
    known = np.flatnonzero(ends >= 0)
    return [int(row) for row in known[mark[ends[known]]]]


def _stale_ends(places: Places, a: Ints, b: Ints) -> dict[int, str]:
    """Rows that end at a place that is not in service, and that place."""
    return {
        row: str(places.ids[ends[row]])
        for ends in (b, a)
        for row in _ending_at(ends, ~places.is_in_service)
    }


def _stale_cables(places: Places, spans: Spans, cables: Cables) -> dict[int, str]:
    """Cables that are not in service, or run through something that is not."""
    dead = {int(c): f"cable {cables.ids[c]}" for c in np.flatnonzero(~cables.is_in_service)}
    dead_span = {int(i): f"span {spans.ids[i]}" for i in np.flatnonzero(~spans.is_in_service)}
    for span, place in _stale_ends(places, spans.a, spans.b).items():
        dead_span.setdefault(span, place)
    for cable, place in _stale_ends(places, cables.a, cables.b).items():
        dead.setdefault(cable, place)
    if dead_span:
        owners = cables.spans.owners
        for entry in np.flatnonzero(np.isin(cables.spans.indices, list(dead_span))):
            dead.setdefault(int(owners[entry]), dead_span[int(cables.spans.indices[entry])])
    return dead


def _link_of_leg(links: Links) -> Ints:
    owner = np.zeros(len(links.leg_cables), dtype=np.int64)
    owner[links.legs.indices] = links.legs.owners
    return owner


def _stale_carriers(links: Links, stale: dict[int, str]) -> dict[int, str]:
    if not stale or len(links.leg_carriers.indices) == 0:
        return stale
    result = dict(stale)
    carried = _link_of_leg(links)[links.leg_carriers.owners].tolist()
    carriers = links.leg_carriers.indices.tolist()
    changed = True
    while changed:  # at most as many rounds as there are layers
        changed = False
        for link, carrier in zip(carried, carriers, strict=True):
            if carrier in result and link not in result:
                result[link] = result[carrier]
                changed = True
    return result


def _unhoused(places: Places, spans: Spans, cables: Cables, links: Links) -> Csr:
    """Offices that a link, or what carries it, ends at or runs through without a building."""
    if len(places) == 0:
        return Csr(np.zeros(len(links) + 1, dtype=np.int64), np.empty(0, dtype=np.int64))
    bare = (places.kind == OFFICE) & (places.building < 0)
    through_span = _marked(bare, spans.a, spans.b, len(spans))
    through_cable = _marked(bare, cables.a, cables.b, len(cables))
    of_cable = _joined(through_cable, compose(cables.spans, through_span))
    of_link = compose(links.legs, compose(links.leg_cables, of_cable))
    found = _joined(_marked(bare, links.a_place, links.b_place, len(links)), of_link)
    carriers = compose(links.legs, links.leg_carriers)
    size = -1
    while len(found.indices) and size != len(found.indices):  # a round a layer
        size = len(found.indices)
        found = _joined(found, compose(carriers, found))
    return found


def _marked(mark: NDArray[np.bool_], a: Ints, b: Ints, size: int) -> Csr:
    rows = np.concatenate([np.arange(size), np.arange(size)])
    ends = np.concatenate([a, b])
    hit = (ends >= 0) & mark[ends]
    counts = np.bincount(rows[hit], minlength=size)
    order = np.argsort(rows[hit], kind="stable")
    return Csr(np.concatenate([[0], np.cumsum(counts)]), ends[hit][order])


def _joined(first: Csr, second: Csr) -> Csr:
    rows = np.concatenate([first.owners, second.owners])
    order = np.argsort(rows, kind="stable")
    counts = np.bincount(rows, minlength=len(first))
    values = np.concatenate([first.indices, second.indices])[order]
    return unique_rows(Csr(np.concatenate([[0], np.cumsum(counts)]), values))
