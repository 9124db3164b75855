"""Items about the line (LN) and the parts of UP that the graph decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Section
from netgraph.scoring.groups import COLUMN_OF
from netgraph.scoring.items_site import flags
from netgraph.scoring.ragged import rows_of
from netgraph.scoring.results import (
    FAILS,
    HOLDS,
    NOT_APPLICABLE,
    OPEN,
    Facts,
    Judged,
    all_hold,
)
from netgraph.topology.csr import Csr, csr_of_pairs
from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.scoring.facts import SiteFacts
    from netgraph.scoring.results import Flags, Values
    from netgraph.scoring.scorecard import Scorecard
    from netgraph.topology.csr import Ints

_BACKBONE = (Section.INTRA, Section.INTER)


def access_diverse(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """LN1: the access section at A has two physical routes."""
    every = np.arange(len(sites.groups.indices))
    return all_hold(len(sites), [_group_facts(sites, every, (Section.ACCESS_A,))])


def access_b_diverse(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """LN2: the same at the centre; not applicable where every B end is an office."""
    groups, places = sites.groups, sites.network.places
    ends = _b_ends(sites)
    is_office = (ends.indices >= 0) & (places.kind[ends.indices] == OFFICE)
    in_offices = np.ones(len(groups.indices), dtype=bool)
    in_offices[ends.owners[~is_office]] = False
    value = np.where(sites.group_columns.is_single, FAILS, _diverse_at_b(sites, ends))
    facts = Facts(groups.owners, value.astype(np.int8), sites.group_numbers).of(~in_offices)
    told = in_offices[ends.owners]
    return _not_asked_without(
        sites, facts, groups.owners[ends.owners[told]], sites.office_numbers(ends.indices[told])
    )


def _b_ends(sites: SiteFacts) -> Csr:
    """Places of the B ends of each entry of the sites' groups, -1 for one that is not known."""
    circuits = sites.network.circuits
    members = rows_of(sites.base.audit.units.circuits, sites.groups.indices)
    has_second = sites.base.inventory.table("circuits")["b2_id"][circuits.rows] != ""
    first, second = circuits.b[members.indices], circuits.b2[members.indices]
    keep = np.column_stack([np.ones(len(first), dtype=bool), has_second[members.indices]])
    owner = np.column_stack([members.owners, members.owners])[keep]
    ends = np.column_stack([first, second])[keep]
    return csr_of_pairs(owner, ends, len(members))


def _diverse_at_b(sites: SiteFacts, ends: Csr) -> Values:
    """Whether groups of two routes are diverse at B."""
    told, section = sites.group_columns, Section.ACCESS_B
    is_open = ~told.has(np.arange(len(ends)), section)
    is_open[ends.owners[ends.indices < 0]] = True
    plant = told.access_b_plant
    wireless = told.is_wireless[:, COLUMN_OF[section]]
    value = np.where((plant == HOLDS) & wireless, FAILS, plant)
    return np.where(is_open, np.where(plant == FAILS, FAILS, OPEN), value).astype(np.int8)


def backbone_plant(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """LN3: no physically repeated route from the local backbone up."""
    return _backbone(sites, "plant")


def backbone_logical(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """LN4: no logically repeated route from the local backbone up."""
    return _backbone(sites, "logical")


def _backbone(sites: SiteFacts, aspect: str) -> Judged:
    told, every = sites.group_columns, np.arange(len(sites.groups.indices))
    is_asked = told.is_single.copy()
    for section in _BACKBONE:
        is_asked |= told.has(every, section)
    facts = _group_facts(sites, every, _BACKBONE, aspect)
    # Where the routes are known and end below the backbone, nothing is asked.
    circuits = sites.circuits
    return _not_asked_without(
        sites, _or_open(sites, facts, is_asked), circuits.owners,
        sites.circuit_numbers(circuits.indices),
    )  # fmt: skip


def uplink_diverse(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """UP3: the access office has two upward routes; not applicable if it is the centre itself.

    An access office that is itself an aggregation or core office goes up by the backbone.
    """
    told, every = sites.group_columns, np.arange(len(sites.groups.indices))
    by_uplink = told.has(every, Section.UPLINK)
    by_backbone = told.has(every, Section.INTRA) | told.has(every, Section.INTER)
    up = _group_facts(sites, every, (Section.UPLINK,))
    over = _group_facts(sites, every, _BACKBONE)
    value = np.where(by_uplink, up.value, over.value)
    facts = _or_open(sites, Facts(up.owner, value, up.row), by_uplink | by_backbone)
    offices = sites.access_offices
    return _not_asked_without(sites, facts, offices.owners, sites.office_numbers(offices.indices))


def _group_facts(
    sites: SiteFacts, rows: Ints, sections: Sequence[Section], aspect: str = "plant"
) -> Facts:
    """Whether groups are diverse in some sections."""
    value = sites.group_columns.diverse(rows, sections, aspect)
    return Facts(sites.groups.owners[rows], value, sites.group_numbers[rows])


def _or_open(sites: SiteFacts, facts: Facts, is_asked: Flags) -> Facts:
    """Keep facts of groups that are asked; what another one would be is open without its routes.

    And without its plant: what is not recorded might be out of service. Or without the role of an
    office: it may be that from which on the item asks.
    """
    is_known = sites.routes_are_known & sites.plant_is_known
    is_open = ~is_asked & (~is_known[facts.owner] | sites.group_columns.is_roleless)
    value = np.where(is_open, OPEN, facts.value).astype(np.int8)
    return Facts(facts.owner, value, facts.row).of(is_asked | is_open)


def _not_asked_without(sites: SiteFacts, facts: Facts, owner: Ints, row: Ints) -> Judged:
    """Hold sites to facts; where there is none, the item is not applicable on other evidence."""
    has_facts = np.zeros(len(sites), dtype=bool)
    has_facts[facts.owner] = True
    none = ~has_facts & (sites.groups.counts > 0)
    here = none[owner]
    return all_hold(len(sites), [facts]).replaced(none, NOT_APPLICABLE, owner[here], row[here])


def spare_cores(sites: SiteFacts, card: Scorecard) -> Judged:
    """LN5: every access cable has spare cores and is not too full."""
    cables, links = sites.access_cables, sites.access_links
    bare = ~_name_their_cables(sites, links.indices)
    return all_hold(len(sites), [
        Facts(
            cables.owners, _have_spare(sites, cables.indices, card),
            sites.numbers("cables", cables.indices),
        ),
        sites.unknown_routes,
        Facts.alike(links.owners[bare], sites.numbers("links", links.indices[bare])),
    ])  # fmt: skip


def _name_their_cables(sites: SiteFacts, rows: Ints) -> Flags:
    """Whether all cables of links are recorded, or they need none."""
    links = sites.network.links
    is_whole = links.is_wireless | (links.legs.counts > 0)
    is_whole[links.legs.owners[~links.leg_is_complete[links.legs.indices]]] = False
    found: Flags = is_whole[rows]
    return found


def _have_spare(sites: SiteFacts, rows: Ints, card: Scorecard) -> Values:
    cables = sites.network.cables
    spare, total, used = (
        values[rows] for values in (cables.spare_cores, cables.cores_total, cables.cores_used)
    )
    enough = (spare >= card.min_spare_cores) & (used <= card.max_core_occupancy * total)
    return np.where(np.isnan(spare) | (total <= 0), OPEN, enough).astype(np.int8)


def protected_throughout(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """UP1: a second route exists, every link is protected and every element switches."""
    links, protection = sites.links, sites.network.links.protection[sites.links.indices]
    single = sites.group_columns.is_single
    is_protected = np.where(protection == "", OPEN, protection != "none").astype(np.int8)
    return all_hold(len(sites), [
        Facts.alike(sites.groups.owners[single], sites.group_numbers[single], FAILS),
        Facts(links.owners, is_protected, sites.numbers("links", links.indices)),
        sites.device_facts(sites.switching, "UP1", flags("protection_switching")),
        *sites.open_ends, sites.open_cpe,
    ])  # fmt: skip


def direct_access(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """UP4: no other customer's site on the access section."""
    others, links = sites.sites_on_access, sites.access_links
    customer = sites.base.inventory.table("sites")["customer_id"]
    theirs = customer[sites.network.places.rows[others.indices]]
    own = customer[sites.rows[others.owners]]
    is_own = np.where((own == "") | (theirs == ""), OPEN, own == theirs).astype(np.int8)
    numbers = sites.numbers("sites", sites.network.places.rows[others.indices])
    is_complete = sites.network.evidence.is_complete[links.indices]
    return all_hold(len(sites), [
        Facts(others.owners, is_own, numbers),
        Facts(
            links.owners, np.where(is_complete, HOLDS, OPEN).astype(np.int8),
            sites.numbers("links", links.indices),
        ),
        sites.unknown_routes,
    ])  # fmt: skip
