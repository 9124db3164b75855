"""Items about the line (LN) and the parts of UP that the graph decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Level, Section
from netgraph.diversity.tolerance_b import is_tolerated_at_b
from netgraph.scoring.results import (
    Fact,
    ItemResult,
    Result,
    all_hold,
    all_of,
    not_applicable,
    three_valued,
    unknown,
)
from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.diversity.audit import Verdict
    from netgraph.scoring.facts import SiteFacts
    from netgraph.scoring.scorecard import Scorecard

_BACKBONE = (Section.INTRA, Section.INTER)


def access_diverse(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """LN1: the access section at A has two physical routes."""
    return all_hold(_group_fact(site, group, (Section.ACCESS_A,)) for group in site.groups)


def access_b_diverse(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """LN2: the same at the centre; not applicable where every B end is an office."""
    circuits, kind = site.network.circuits, site.network.places.kind
    ends = [int(circuits.b[c]) for c in site.circuits]
    if ends and all(b >= 0 and kind[b] == OFFICE for b in ends):
        return not_applicable(*(f"offices:{site.network.places.ids[b]}" for b in ends))
    if -1 in ends:
        return unknown(*site.circuit_rows)
    return all_hold(_group_fact_at_b(site, group) for group in site.groups)


def _group_fact_at_b(site: SiteFacts, group: Verdict) -> Fact:
    """As at A; what lies within the entry tolerance of the centre is forgiven here only."""
    fact = _group_fact(site, group, (Section.ACCESS_B,))
    if fact.value is False and not group.is_single and is_tolerated_at_b(site.base.audit, group):
        return Fact(True, fact.row)  # noqa: FBT003 - a fact's value
    return fact


def backbone_plant(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """LN3: no physically repeated route from the local backbone up."""
    return _backbone(site, "section_plant")


def backbone_logical(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """LN4: no logically repeated route from the local backbone up."""
    return _backbone(site, "section_logical")


def uplink_diverse(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP3: the access office has two upward routes; not applicable without an uplink."""
    facts = []
    for group in site.groups:
        if Section.UPLINK in group.section_plant:
            facts.append(_group_fact(site, group, (Section.UPLINK,)))
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
    if group.level is Level.RADIO_BACKUP and value:
        value = False
    return Fact(value, row)


def _row(site: SiteFacts, group: Verdict) -> str:
    return f"circuits:{site.network.circuits.ids[group.circuits[0]]}"


def spare_cores(site: SiteFacts, card: Scorecard) -> ItemResult:
    """LN5: every access cable has spare cores and is not too full."""
    cables = site.network.cables
    access = site.links_in(Section.ACCESS_A)
    facts = [
        Fact(_has_spare(site, int(c), card), f"cables:{cables.ids[c]}")
        for c in site.cables_of(access)
    ]
    if not site.routes_are_known:
        facts += [Fact(None, row) for row in site.unknown_routes]
    links = site.network.links
    bare = [i for i in access if not links.is_wireless[i] and not len(site.cables_of(access[access == i]))]
    facts += [Fact(None, f"links:{site.network.links.ids[i]}") for i in bare]
    return all_hold(facts)


def _has_spare(site: SiteFacts, cable: int, card: Scorecard) -> bool | None:
    cables = site.network.cables
    spare, total, used = (
        float(values[cable]) for values in (cables.spare_cores, cables.cores_total, cables.cores_used)
    )
    if np.isnan(spare) or total <= 0:
        return None
    return spare >= card.min_spare_cores and used <= card.max_core_occupancy * total


def protected_throughout(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP1: a second route exists, every link is protected and every element switches."""
    links, equipment = site.network.links, site.network.equipment
    facts = [Fact(False, _row(site, g)) for g in site.groups if g.is_single]  # noqa: FBT003
    facts += [Fact(None, row) for row in site.unknown_routes]
    facts += [
        Fact(_is_protected(links.protection[i]), f"links:{links.ids[i]}") for i in site.links
    ]
    switching = site.base.inventory.table("equipment")["protection_switching"]
    own = site.base.is_cpe & site.base.is_customer_owned
    facts += [
        Fact(three_valued(float(switching[d])), f"equipment:{equipment.ids[d]}")
        for d in np.union1d(site.devices, site.cpe)
        if not own[d]
    ]
    facts += [Fact(None, row) for row in site.links_without_devices]
    return all_hold(facts)


def _is_protected(protection: str) -> bool | None:
    return None if not protection else protection != "none"


def services_spread(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP2: no access or aggregation element, and no system, carries all of the circuits."""
    if len(site.circuits) == 1:
        return not_applicable(*site.circuit_rows)
    if not site.circuits or not site.routes_are_known:
        return unknown(*(site.unknown_routes or site.circuit_rows))
    devices, systems, silent = [], [], []
    for circuit in site.circuits:
        used, carried = _working_load(site, circuit)
        devices.append(used)
        systems.append(carried)
        if not used or not carried:
            silent.append(f"circuits:{site.network.circuits.ids[circuit]}")
    equipment = site.network.equipment
    common = [f"equipment:{equipment.ids[d]}" for d in sorted(set.intersection(*devices))]
    common += [f"systems:{equipment.system_ids[s]}" for s in sorted(set.intersection(*systems))]
    if common:
        return ItemResult(Result.FAIL, tuple(common))
    if silent:
        return unknown(*silent)
    rows = (f"equipment:{equipment.ids[d]}" for d in sorted(set.union(*devices)))
    return ItemResult(Result.PASS, tuple(rows))


def _working_load(site: SiteFacts, circuit: int) -> tuple[set[int], set[int]]:
    """Elements in access and aggregation offices, and their systems, on the working route."""
    network = site.network
    links, equipment, places = network.links, network.equipment, network.places
    circuits = network.circuits
    used: set[int] = set()
    carried: set[int] = set()
    for route in circuits.routes_of(circuit):
        if circuits.routes.role[route] != 0:
            continue
        for link in circuits.routes.links.row(int(route)):
            below = False
            for device in (int(links.a_equipment[link]), int(links.b_equipment[link])):
                if device < 0 or site.base.is_cpe[device]:
                    continue
                if places.role[equipment.location[device]] in {"access", "aggregation"}:
                    below = True
                    used.add(device)
                    carried.add(int(equipment.system[device]))
            if below:
                carried.add(int(links.system[link]))
    return used, carried - {-1}


def direct_access(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP4: no other customer's site on the access section."""
    places = site.network.places
    access = site.links_in(Section.ACCESS_A)
    customer = site.base.inventory.table("sites")["customer_id"]
    own = customer[site.row]
    facts: list[Fact] = []
    for place in site.sites_on(access):
        other = customer[places.rows[place]]
        value = None if not own or not other else other == own
        facts.append(Fact(value, f"sites:{places.ids[place]}"))
    facts += [
        Fact(bool(site.network.evidence.is_complete[i]) or None, f"links:{site.network.links.ids[i]}")
        for i in access
    ]
    facts += [Fact(None, row) for row in site.unknown_routes]
    return all_hold(facts)
