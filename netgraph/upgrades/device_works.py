"""Works on equipment: management, protection of a link, replacement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.hazards import stable_id
from netgraph.topology.csr import csr_of_pairs, gather
from netgraph.upgrades.action import Action, Change, Kind, Reason, Survey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Csr, Ints
    from netgraph.upgrades.action import Cell
    from netgraph.upgrades.prices import Prices
    from netgraph.upgrades.settings import Settings
    from netgraph.upgrades.shortcomings import Shortcomings

#: Items that a management unit alone cures, and those that only a new device does.
_BY_MANAGEMENT = ("CPE2", "UP8", "UP9")
_BY_REPLACEMENT = ("CPE1", "CPE3", "UP1", "UP11")
_GOOD_DEVICE: dict[str, Cell] = {
    "manageable": True, "alarms": True, "hot_standby": True, "protection_switching": True,
}  # fmt: skip
#: Columns that each item reads of a device, to tell a failing row from one that is only named.
_COLUMNS = {
    "CPE1": "hot_standby", "CPE2": "manageable", "UP1": "protection_switching",
    "UP8": "manageable", "UP9": "alarms",
}  # fmt: skip


def propose_device_works(
    audit: Audit, lacking: Shortcomings, prices: Prices, settings: Settings
) -> list[Action]:
    """Propose one work a failing device, link or circuit: the cheapest kind that cures it.

    A device of somebody else's is left alone. In order of the ids.
    """
    bench = _Bench(audit, prices, settings)
    works = [
        bench.device(name, items, sites)
        for name, items, sites in lacking.of("equipment", *_BY_MANAGEMENT, *_BY_REPLACEMENT)
    ]
    done = [work for work in works if work is not None]
    cured = {row for work in done for row in work.changed_rows()}
    for name, _, sites in lacking.of("links", "UP1"):
        if f"links:{name}" not in cured:
            done += bench.link(name, sites)
    for name, _, sites in lacking.of("circuits", "UP10"):
        if f"circuits:{name}" not in cured:
            done += bench.circuit(name, sites)
    return done


@dataclass(frozen=True)
class _Reach:
    """Rows that go with each device: its links, and the circuits that run through it."""

    links: Csr
    circuits: Csr


class _Bench:
    """Draws works up; everything that they share is looked up once."""

    def __init__(self, audit: Audit, prices: Prices, settings: Settings) -> None:
        self._network = audit.network
        self._inventory = audit.network.inventory
        self._prices, self._settings = prices, settings
        self._reach = _reach(audit.network)
        self._records = _false_records(audit.network)
        self._survey = (Survey.DEFAULT_PRICE,) if prices.is_default else ()
        self._put_in_nms: dict[int, Change] = {}

    def device(self, name: str, items: tuple[str, ...], sites: tuple[str, ...]) -> Action | None:
        """Add management where that is enough, else replace; None where nothing is wrong."""
        device = self._network.equipment.index.find(name)
        if device is None or self._is_foreign("equipment", device):
            return None
        failing = tuple(item for item in items if self._fails(device, name, item))
        if not failing:
            return None
        needs_more = [item for item in failing if item in _BY_REPLACEMENT]
        if needs_more or not self._settings.offer_management:
            reason = Reason.MORE_THAN_MANAGEMENT if needs_more else Reason.REPLACEMENT_WANTED
            work = self._replacement(device, name, sites)
            return replace(work, reason=reason, evidence=self._evidence(name, failing))
        return replace(
            self._management(device, name, sites), evidence=self._evidence(name, failing)
        )

    def _evidence(self, name: str, items: Sequence[str]) -> tuple[str, ...]:
        stated = [f"records:{name}/{item}" for item in items if (name, item) in self._records]
        return (f"equipment:{name}", *stated)

    def _fails(self, device: int, name: str, item: str) -> bool:
        if (name, item) in self._records:
            return True
        column = _COLUMNS.get(item)
        if column is None:  # the age: the item has judged it
            return True
        return int(self._inventory.table("equipment")[column][device]) == 0

    def _is_foreign(self, table: str, row: int) -> bool:
        return str(self._inventory.table(table)["owner"][row]) not in {"", "operator"}

    def _management(self, device: int, name: str, sites: tuple[str, ...]) -> Action:
        changes = [Change("equipment", name, {"manageable": True, "alarms": True})]
        changes += self._circuits_in_nms(device)
        changes += self._cleared(name, _BY_MANAGEMENT)
        return Action(
            id=stable_id("W", Kind.ADD_MANAGEMENT, f"equipment:{name}"),
            kind=Kind.ADD_MANAGEMENT,
            title=name,
            quantities={"add_management": 1},
            cost_yuan=self._prices.cost_of(add_management=1),
            sites=sites,
            changes=tuple(changes),
            survey_reasons=(*self._survey, Survey.DEVICE_CAPABILITY),
        )

    def _replacement(self, device: int, name: str, sites: tuple[str, ...]) -> Action:
        values = dict(_GOOD_DEVICE)
        if self._inventory.snapshot_date is not None:
            values["installed"] = self._inventory.snapshot_date.isoformat()
        changes = [Change("equipment", name, values)]
        changes += self._protected_links(device)
        changes += self._circuits_in_nms(device)
        changes += self._cleared(name, (*_BY_MANAGEMENT, *_BY_REPLACEMENT))
        return Action(
            id=stable_id("W", Kind.REPLACE_DEVICE, f"equipment:{name}"),
            kind=Kind.REPLACE_DEVICE,
            title=name,
            quantities={"replace_device": 1},
            cost_yuan=self._prices.cost_of(replace_device=1),
            sites=sites,
            changes=tuple(changes),
            survey_reasons=self._survey,
        )

    def _protected_links(self, device: int) -> list[Change]:
        table = self._inventory.table("links")
        rows = [int(i) for i in self._reach.links.row(device) if not self._is_foreign("links", i)]
        value = self._settings.link_protection
        return [
            Change("links", str(table["id"][i]), {"protection": value})
            for i in rows
            if table["protection"][i] in {"", "none"}
        ]

    def _circuits_in_nms(self, device: int) -> list[Change]:
        rows = self._network.circuits.rows[self._reach.circuits.row(device)]
        rows = rows[self._inventory.table("circuits")["in_nms"][rows] != 1]
        return [self._in_nms(row) for row in rows.tolist()]

    def _in_nms(self, row: int) -> Change:
        """Put a circuit on the platform; all devices that it runs through share the change."""
        if row not in self._put_in_nms:
            name = str(self._inventory.table("circuits")["id"][row])
            self._put_in_nms[row] = Change("circuits", name, {"in_nms": True})
        return self._put_in_nms[row]

    def _cleared(self, name: str, items: tuple[str, ...]) -> list[Change]:
        """Clear what an inspection found wrong: it does not hold for the new device."""
        return [
            Change("records", f"{name}/{item}", {"passed": "true"})
            for item in items
            if (name, item) in self._records
        ]

    def link(self, name: str, sites: tuple[str, ...]) -> list[Action]:
        """Protect a link between devices that switch; nothing where no column says it is not."""
        row = self._network.links.index.find(name)
        if row is None or self._is_foreign("links", row):
            return []
        if self._network.links.protection[row] != "none":
            return []
        value = self._settings.link_protection
        return [
            Action(
                id=stable_id("W", Kind.PROTECT_LINK, f"links:{name}"),
                kind=Kind.PROTECT_LINK,
                title=name,
                quantities={"protection_board": 1},
                cost_yuan=self._prices.cost_of(protection_board=1),
                sites=sites,
                changes=(Change("links", name, {"protection": value}),),
                evidence=(f"links:{name}",),
                survey_reasons=(*self._survey, Survey.DEVICE_CAPABILITY),
            )
        ]

    def circuit(self, name: str, sites: tuple[str, ...]) -> list[Action]:
        """Put a circuit on the management platform; its devices can be managed already."""
        changes = [Change("circuits", name, {"in_nms": True}), *self._cleared(name, ("UP10",))]
        return [
            Action(
                id=stable_id("W", Kind.ONBOARD, f"circuits:{name}"),
                kind=Kind.ONBOARD,
                title=name,
                quantities={"nms_onboarding": 1},
                cost_yuan=self._prices.cost_of(nms_onboarding=1),
                sites=sites,
                changes=tuple(changes),
                evidence=(f"circuits:{name}",),
                survey_reasons=self._survey,
            )
        ]


def _reach(network: LayeredNetwork) -> _Reach:
    links, routes, circuits = network.links, network.circuits.routes, network.circuits
    n_devices, number = len(network.equipment), np.arange(len(links))
    ends = np.concatenate([links.a_equipment, links.b_equipment])
    owners = np.concatenate([number, number])[ends >= 0]
    of_device = csr_of_pairs(ends[ends >= 0], owners, n_devices)
    of_link = csr_of_pairs(routes.links.indices, routes.circuit[routes.links.owners], len(links))
    rows: list[Ints] = []
    for device in range(n_devices):
        found, _ = gather(of_link, of_device.row(device))
        rows.append(np.unique(found))
    here = network.equipment.location
    at: dict[int, list[int]] = {}
    for circuit, place in enumerate(circuits.a.tolist()):
        at.setdefault(place, []).append(circuit)
    is_cpe = network.inventory.table("equipment")["kind"] == "cpe"
    pairs = [
        (device, circuit)
        for device in range(n_devices)
        for circuit in sorted({
            *rows[device].tolist(), *(at.get(int(here[device]), ()) if is_cpe[device] else ())
        })
    ]  # fmt: skip
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return _Reach(of_device, csr_of_pairs(table[:, 0], table[:, 1], n_devices))


def _false_records(network: LayeredNetwork) -> frozenset[tuple[str, str]]:
    table = network.inventory.table("records")
    rows = np.flatnonzero(table["passed"] == "false")
    return frozenset(
        zip(table["subject_id"][rows].tolist(), table["item_id"][rows].tolist(), strict=True)
    )
