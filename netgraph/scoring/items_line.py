"""Items about the line (LN) and the parts of UP that the graph decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.levels import Section
from netgraph.scoring.results import (
    Fact,
    ItemResult,
    Result,
    all_hold,
    all_of,
    not_applicable,
    unknown,
)
from netgraph.topology.places import OFFICE
from netgraph.topology.routes import WORKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netgraph.diversity.verdict import Verdict
    from netgraph.scoring.facts import SiteFacts
    from netgraph.scoring.scorecard import Scorecard

_BACKBONE = (Section.INTRA, Section.INTER)


def access_diverse(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """LN1: the access section at A has two physical routes."""
    return all_hold(_group_fact(site, group, (Section.ACCESS_A,)) for group in site.groups)


def access_b_diverse(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """LN2: the same at the centre; not applicable where every B end is an office."""
    facts, offices = [], []
    for group in site.groups:
        ends = _b_ends(site, group)
        if all(end >= 0 and site.network.places.kind[end] == OFFICE for end in ends):
            offices += [f"offices:{site.network.places.ids[end]}" for end in ends]
        elif group.is_single:
            facts.append(Fact(False, _row(site, group)))  # noqa: FBT003 - a fact's value
        else:
            facts.append(Fact(_is_diverse_at_b(group, ends), _row(site, group)))
    if offices and not facts:
        return not_applicable(*offices)
    return all_hold(facts)


def _b_ends(site: SiteFacts, group: Verdict) -> list[int]:
    """Places of the B ends of a group, -1 for one that is not known."""
    circuits = site.network.circuits
    second = site.base.inventory.table("circuits")["b2_id"]
    ends = []
    for c in group.circuits:
        ends.append(int(circuits.b[c]))
        if second[circuits.rows[c]]:
            ends.append(int(circuits.b2[c]))
    return ends


def _is_diverse_at_b(group: Verdict, ends: list[int]) -> bool | None:
    if Section.ACCESS_B not in group.section_plant or -1 in ends:
        return False if group.access_b_plant is False else None
    if group.access_b_plant and Section.ACCESS_B in group.wireless_sections:
        return False
    return group.access_b_plant


def backbone_plant(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """LN3: no physically repeated route from the local backbone up."""
    return _backbone(site, "section_plant")


def backbone_logical(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """LN4: no logically repeated route from the local backbone up."""
    return _backbone(site, "section_logical")


def uplink_diverse(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP3: the access office has two upward routes; not applicable if it is the centre itself.

    An access office that is itself an aggregation or core office goes up by the backbone.
    """
    facts = []
    for group in site.groups:
        upward = [s for s in (Section.UPLINK, *_BACKBONE) if s in group.section_plant]
        if upward:
            upward = upward[:1] if Section.UPLINK in upward else upward
            facts.append(_group_fact(site, group, tuple(upward)))
        elif not site.routes_are_known:
            facts.append(Fact(None, _row(site, group)))
    if site.groups and not facts:
        offices = site.network.places.ids[site.access_offices]
        return not_applicable(*(f"offices:{office}" for office in offices))
    return all_hold(facts)


def _backbone(site: SiteFacts, aspect: str) -> ItemResult:
    facts = []
    for group in site.groups:
        present = any(section in group.section_plant for section in _BACKBONE)
        if present or group.is_single:
            facts.append(_group_fact(site, group, _BACKBONE, aspect))
        elif not site.routes_are_known:
            facts.append(Fact(None, _row(site, group)))
    if site.groups and not facts:  # the routes are known and end below the backbone
        return not_applicable(*site.circuit_rows)
    return all_hold(facts)


def _group_fact(
    site: SiteFacts, group: Verdict, sections: tuple[Section, ...], aspect: str = "section_plant"
) -> Fact:
    """Whether a group is diverse in some sections; without a second route it is not.

    A wireless second route is no pass. A section that no route has is unknown.
    """
    row = _row(site, group)
    if group.is_single:
        return Fact(False, row)  # noqa: FBT003 - a fact's value
    found: Mapping[Section, bool | None] = getattr(group, aspect)
    value = all_of(found[s] for s in sections if s in found) if set(sections) & set(found) else None
    if value and group.wireless_sections & set(sections):
        value = False
    return Fact(value, row)


def _row(site: SiteFacts, group: Verdict) -> str:
    return f"circuits:{site.network.circuits.ids[group.circuits[0]]}"


def spare_cores(site: SiteFacts, card: Scorecard) -> ItemResult:
    """LN5: every access cable has spare cores and is not too full."""
    cables, links = site.network.cables, site.network.links
    access = site.access_links
    facts = [
        Fact(_has_spare(site, int(c), card), f"cables:{cables.ids[c]}") for c in site.access_cables
    ]
    facts += [Fact(None, row) for row in site.unknown_routes]
    facts += [Fact(None, f"links:{links.ids[i]}") for i in access if not _names_its_cables(site, i)]
    return all_hold(facts)


def _names_its_cables(site: SiteFacts, link: int) -> bool:
    """Whether all cables of a link are recorded, or it needs none."""
    links = site.network.links
    legs = links.legs.row(link)
    if len(legs) == 0:
        return bool(links.is_wireless[link])
    return bool(links.leg_is_complete[legs].all())


def _has_spare(site: SiteFacts, cable: int, card: Scorecard) -> bool | None:
    cables = site.network.cables
    spare, total, used = (
        float(values[cable])
        for values in (cables.spare_cores, cables.cores_total, cables.cores_used)
    )
    if np.isnan(spare) or total <= 0:
        return None
    return spare >= card.min_spare_cores and used <= card.max_core_occupancy * total


def protected_throughout(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP1: a second route exists, every link is protected and every element switches."""
    links = site.network.links
    facts = [Fact(False, _row(site, g)) for g in site.groups if g.is_single]  # noqa: FBT003
    facts += [Fact(_is_protected(links.protection[i]), f"links:{links.ids[i]}") for i in site.links]
    facts += site.device_facts(site.switching, "protection_switching", "UP1")
    return all_hold([*facts, *site.open_ends, *site.open_cpe])


def _is_protected(protection: str) -> bool | None:
    return None if not protection else protection != "none"


def services_spread(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP2: no access or aggregation element, and no system, carries all of the circuits."""
    if len(site.circuits) == 1:
        if site.astray_rows:  # one of them may be a second circuit of the site
            return unknown(*site.astray_rows)
        return not_applicable(*site.circuit_rows)
    if not site.circuits or not site.routes_are_known:
        return unknown(*(site.unknown_routes or site.circuit_rows))
    loads = [_working_load(site, circuit) for circuit in site.circuits]
    equipment = site.network.equipment
    common = [f"equipment:{equipment.ids[d]}" for d in _in_all(load.devices for load in loads)]
    common += [
        f"systems:{equipment.system_ids[s]}" for s in _in_all(load.systems for load in loads)
    ]
    if common:
        return ItemResult(Result.FAIL, tuple(common))
    silent = [
        row for row, load in zip(site.circuit_rows, loads, strict=True)
        if not (load.devices and load.systems and load.is_complete)
    ]  # fmt: skip
    if silent:
        return unknown(*silent)
    devices = sorted(set().union(*(load.devices for load in loads)))
    return ItemResult(Result.PASS, tuple(f"equipment:{equipment.ids[d]}" for d in devices))


def _in_all(sets: Iterable[set[int]]) -> list[int]:
    return sorted(set.intersection(*sets))


class _Load(NamedTuple):
    """Network elements in access and aggregation offices on a working route, and their systems."""

    devices: set[int]
    systems: set[int]
    is_complete: bool


def _working_load(site: SiteFacts, circuit: int) -> _Load:
    circuits = site.network.circuits
    routes = [r for r in circuits.routes_of(circuit) if circuits.routes.role[r] == WORKING]
    loads = [_load_of(site, int(i)) for r in routes for i in circuits.routes.links.row(int(r))]
    return _Load(
        set().union(*(load.devices for load in loads)),
        set().union(*(load.systems for load in loads)),
        all(load.is_complete for load in loads),
    )


def _load_of(site: SiteFacts, link: int) -> _Load:
    """Find what a link adds; incomplete where an office, element or system is not recorded."""
    links, equipment, places = site.network.links, site.network.equipment, site.network.places
    devices: set[int] = set()
    is_below, is_complete = False, True
    for device, place in (
        (int(links.a_equipment[link]), int(links.a_place[link])),
        (int(links.b_equipment[link]), int(links.b_place[link])),
    ):
        if place < 0 or places.kind[place] != OFFICE:
            is_complete &= place >= 0
        elif places.role[place] in {"access", "aggregation"}:
            is_below = True
            devices |= {device} - {-1}
            is_complete &= device >= 0
        else:
            is_complete &= bool(places.role[place])
    if not is_below:
        return _Load(set(), set(), is_complete)
    systems = [int(equipment.system[d]) for d in devices]
    known = {int(links.system[link]), *systems} - {-1}
    return _Load(devices, known, is_complete and (links.system[link] >= 0 or -1 not in systems))


def direct_access(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP4: no other customer's site on the access section."""
    places, links = site.network.places, site.network.links
    access = site.access_links
    customer = site.base.inventory.table("sites")["customer_id"]
    own = customer[site.row]
    facts: list[Fact] = []
    for place in site.sites_on_access:
        other = customer[places.rows[place]]
        value = None if not own or not other else other == own
        facts.append(Fact(value, f"sites:{places.ids[place]}"))
    complete = site.network.evidence.is_complete
    facts += [Fact(bool(complete[i]) or None, f"links:{links.ids[i]}") for i in access]
    facts += [Fact(None, row) for row in site.unknown_routes]
    return all_hold(facts)
