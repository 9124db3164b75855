"""Rows of the tables of a failure simulation, in the column order of the output contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.hazards import TIER_RANK
from netgraph.inventory.model import POSSIBLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.assessment.simulation.value import Simulation
    from netgraph.diversity.failures import SingleFailures

    Row = tuple[object, ...]

#: Members named in one cell; risk_members.csv has them all.
MOST_NAMED = 100
_TIERS = tuple(TIER_RANK)


def simulation_rows(simulation: Simulation, table: str) -> list[Row]:
    """Rows of risks, risk_members, pairs, worst_by_customer or findings."""
    makers = {
        "risks": _risks, "risk_members": _members, "pairs": _pairs,
        "worst_by_customer": _worst_by_customer, "findings": _findings,
    }  # fmt: skip
    return makers[table](simulation)


class Listing:
    """The risks that hit a circuit, ranked, and the first one of each class.

    Attributes
    ----------
    risks
        Numbers of the risks, worst first; those of one class by id.
    first_of_class
        The risk that a class is named after: the first by id.
    class_size
        Risks of each class.
    """

    def __init__(self, singles: SingleFailures) -> None:
        listed = np.flatnonzero(singles.class_of_risk >= 0)
        number = singles.class_of_risk[listed]
        by_id = np.argsort(singles.catalogue.ids[listed].astype(str), kind="stable")
        order = by_id[np.argsort(singles.order[number[by_id]], kind="stable")]
        self.risks = listed[order]
        self.first_of_class = np.full(singles.n_classes, -1, dtype=np.int64)
        self.first_of_class[number[by_id][::-1]] = listed[by_id][::-1]
        self.class_size = np.bincount(number, minlength=singles.n_classes)


def tier_name(rank: int) -> str:
    """Tier of a rank; empty for none."""
    return _TIERS[rank] if rank < len(_TIERS) else ""


def _risks(simulation: Simulation) -> list[Row]:
    singles, catalogue = simulation.singles, simulation.catalogue
    listing = simulation.listing
    risks = listing.risks
    number = singles.class_of_risk[risks]
    members, n_members = catalogue.ids[risks].copy(), np.ones(len(risks), dtype=np.int64)
    n_possible = np.zeros(len(risks), dtype=np.int64)
    for row in np.flatnonzero(~catalogue.is_alone[risks]).tolist():
        risk = int(risks[row])
        found = catalogue.members(risk)
        members[row], n_members[row] = _named(found), len(found)
        n_possible[row] = len(catalogue.possible_members(risk))
    tiers = np.array([tier_name(rank) for rank in range(len(_TIERS) + 1)], dtype=object)
    columns = (
        catalogue.ids[risks], catalogue.kinds[risks], catalogue.names[risks], members,
        singles.circuits_down[number], singles.circuits_unprotected[number],
        singles.sites_down[number], singles.customers_down[number],
        tiers[np.minimum(singles.tier_rank[number], len(_TIERS))], *catalogue.places[risks].T,
        singles.circuits_undecidable[risks], n_members,
        catalogue.ids[listing.first_of_class[number]], listing.class_size[number],
        catalogue.srlg_numbers[risks], np.arange(1, len(risks) + 1), n_possible,
    )  # fmt: skip
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _named(members: tuple[str, ...]) -> str:
    shown = ";".join(members[:MOST_NAMED])
    return shown if len(members) <= MOST_NAMED else f"{shown};..."


def _members(simulation: Simulation) -> list[Row]:
    """Members of every group, in the columns of the inventory's table of that name."""
    catalogue = simulation.catalogue
    first = len(catalogue.network.elements)
    return [
        (catalogue.groups.ids[group], *member.split(":", 1), mark)
        for group in range(len(catalogue.groups))
        for members, mark in (
            (catalogue.members(first + group), ""),
            (catalogue.possible_members(first + group), POSSIBLE),
        )
        for member in members
    ]


def _pairs(simulation: Simulation) -> list[Row]:
    doubles = simulation.doubles
    if doubles is None:
        return []
    listing, catalogue = simulation.listing, simulation.catalogue
    rows: list[Row] = []
    for i in range(len(doubles)):
        ends = sorted(
            (str(catalogue.ids[risk]), risk, listing.class_size[number])
            for number in (doubles.first[i], doubles.second[i])
            for risk in (int(listing.first_of_class[number]),)
        )
        rows.append((
            ends[0][0], ends[1][0], ends[0][2], ends[1][2],
            doubles.circuits_down[i], doubles.extra_circuits_down[i],
            doubles.sites_down[i], doubles.customers_down[i],
            tier_name(int(doubles.tier_rank[i])),
            *(catalogue.kinds[risk] for _, risk, _ in ends),
            *(catalogue.name(risk) for _, risk, _ in ends),
            doubles.threshold,
        ))  # fmt: skip
    return rows


def _worst_by_customer(simulation: Simulation) -> list[Row]:
    singles, catalogue = simulation.singles, simulation.catalogue
    owners, listing = singles.owners, simulation.listing
    names = _customer_names(simulation)
    rows: list[Row] = []
    for customer, customer_id in enumerate(owners.customer_ids.tolist()):
        number = int(singles.worst_of_customer[customer])
        size = len(owners.of_customer.row(customer))
        risk = int(listing.first_of_class[number]) if number >= 0 else -1
        what: Row = (None, None, None) if risk < 0 else (
            catalogue.ids[risk], catalogue.kinds[risk], catalogue.name(risk),
        )  # fmt: skip
        place = (np.nan, np.nan) if risk < 0 else catalogue.places[risk]
        rows.append((
            customer_id, names.get(customer_id, ""), size, *what,
            singles.most_of_customer[customer],
            int(listing.class_size[number]) if number >= 0 else None, place[0], place[1],
        ))  # fmt: skip
    return rows


def _customer_names(simulation: Simulation) -> dict[str, str]:
    table = simulation.catalogue.network.inventory.table("customers")
    ids: NDArray[np.object_] = table["id"]
    return dict(zip(ids.tolist(), table["name"].tolist(), strict=True))


def _findings(simulation: Simulation) -> list[Row]:
    return [(f.rule, f.severity, f.table, f.row_id, f.message, f.hint) for f in simulation.findings]
