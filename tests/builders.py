"""Tiny inventories by hand, a line a thing, for tests that need one network after another.

Everything that a verdict needs is filled in (buildings of offices, lengths, cores), so that a test
writes down only what it is about; pass the column itself to say otherwise.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.rules import Rules, load_rules
from netgraph.inventory import from_columns
from netgraph.topology import build_network

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.verdict import Verdict
    from netgraph.inventory import Inventory
    from netgraph.topology import LayeredNetwork

Row = dict[str, Any]
_KINDS = ("link", "cable", "span", "trench", "structure", "device", "room", "location", "building")


class PlantBuilder:
    """Collects rows; every method that adds something returns the builder, so calls chain."""

    def __init__(self, snapshot_date: str | None = "2026-10-01") -> None:
        self.rows: dict[str, list[Row]] = {"inventory": [{"snapshot_date": snapshot_date}]}
        self._n_places = 0

    # Places -------------------------------------------------------------------------------------

    def office(self, name: str, role: str = "core", **columns: object) -> PlantBuilder:
        """Add an office in a building of its own (``B-`` and its id)."""
        return self._place("offices", name, **{"role": role, "building_id": f"B-{name}", **columns})

    def site(self, name: str, **columns: object) -> PlantBuilder:
        """Add a site of customer Q, without a recorded building."""
        return self._place("sites", name, **{"customer_id": "Q", **columns})

    def structure(self, name: str, kind: str = "manhole", **columns: object) -> PlantBuilder:
        """Add a point of the outside plant."""
        return self._place("structures", name, kind=kind, **columns)

    def _place(self, table: str, name: str, /, **columns: object) -> PlantBuilder:
        self._n_places += 1
        row: Row = {"id": name, "lon": 112.0 + 0.01 * self._n_places, "lat": 37.8}
        if table != "structures":
            row["name"] = name
        return self.add(table, **{**row, **columns})

    def has(self, table: str, name: str) -> bool:
        """Whether a table already has a row of this id."""
        return any(row["id"] == name for row in self.rows.get(table, ()))

    # Plant, cables, links -----------------------------------------------------------------------

    def span(self, name: str, a: str, b: str, /, **columns: object) -> PlantBuilder:
        """Add a duct of 500 m."""
        row = {"id": name, "from_id": a, "to_id": b, "medium": "duct", "length_m": 500.0}
        return self.add("spans", **{**row, **columns})

    def cable(
        self, name: str, a: str, b: str, spans: str | Iterable[str], /, **columns: object
    ) -> PlantBuilder:
        """Add a cable of 24 cores, 4 in use, none bad, and its spans ("p1 p2" or a list)."""
        row = {"id": name, "from_id": a, "to_id": b}
        cores = {"cores_total": 24, "cores_used": 4, "cores_bad": 0}
        self.add("cables", **{**row, **cores, **columns})
        for seq, span in enumerate(_names(spans), start=1):
            self.add("cable_spans", cable_id=name, seq=seq, span_id=span)
        return self

    def device(self, name: str, location: str, /, **columns: object) -> PlantBuilder:
        """Add a network element; at a site it is a CPE."""
        kind = "cpe" if self.has("sites", location) else "transport"
        return self.add(
            "equipment", **{"id": name, "kind": kind, "location_id": location, **columns}
        )

    def link(
        self, name: str, a: str, b: str, cables: str | Iterable[str] = (), /, *,
        protect: str | Iterable[str] = (), carriers: str | Iterable[str] = (), **columns: object,
    ) -> PlantBuilder:  # fmt: skip
        """Add a link, the cables of its leg or two legs, and the lower links that carry it."""
        self.add("links", **{"id": name, "from_id": a, "to_id": b, "medium": "fibre", **columns})
        two = bool(tuple(_names(protect)))
        for role, leg in (("working", cables), ("protect", protect)):
            for seq, cable in enumerate(_names(leg), start=1):
                row = {"link_id": name, "seq": seq, "cable_id": cable}
                self.add("link_cables", **row, **({"role": role} if two else {}))
        for seq, carrier in enumerate(_names(carriers), start=1):
            self.add("link_links", link_id=name, seq=seq, carrier_id=carrier)
        return self

    def way(
        self, name: str, stops: str, /, length_m: float = 500.0, **columns: object
    ) -> PlantBuilder:
        """Add a link in one cable along "A M1 M2 K": new stops become manholes, spans name-i."""
        places = stops.split()
        for stop in places:
            if not any(self.has(table, stop) for table in ("offices", "sites", "structures")):
                self.structure(stop)
        spans = [f"{name}-{i}" for i in range(1, len(places))]
        for span, a, b in zip(spans, places[:-1], places[1:], strict=True):
            self.span(span, a, b, length_m=length_m)
        self.cable(name, places[0], places[-1], spans)
        return self.link(name, places[0], places[-1], [name], **columns)

    # Services -----------------------------------------------------------------------------------

    def circuit(
        self, name: str, a: str, b: str, /,
        working: str | Iterable[str] = (), protect: str | Iterable[str] = (), **columns: object,
    ) -> PlantBuilder:  # fmt: skip
        """Add a Diamond circuit of customer Q with its routes in one end-to-end segment."""
        row = {"id": name, "customer_id": "Q", "a_id": a, "b_id": b, "tier": "diamond"}
        self.add("circuits", **{**row, **columns})
        return self.route(name, "working", working).route(name, "protect", protect)

    def route(
        self, circuit: str, role: str, links: str | Iterable[str], /, segment: str | None = None
    ) -> PlantBuilder:
        """Add rows of a route after those that the circuit has already."""
        done = sum(r["circuit_id"] == circuit for r in self.rows.get("circuit_links", ()))
        for seq, link in enumerate(_names(links), start=done + 1):
            row = {"circuit_id": circuit, "role": role, "seq": seq, "link_id": link}
            self.add("circuit_links", **row, **({"segment": segment} if segment else {}))
        return self

    def ring(self, name: str, links: str, /) -> PlantBuilder:
        """Make a ring system of links that are already there."""
        for link in self.rows["links"]:
            if link["id"] in links.split():
                link["system_id"] = name
        return self.add("systems", id=name, kind="ring")

    def risk(self, name: str, *members: str, kind: str = "flood_zone") -> PlantBuilder:
        """Add an explicit risk group of "table:id" members."""
        self.add("risk_groups", id=name, kind=kind)
        for member in members:
            table, element = member.split(":")
            self.add("risk_members", risk_id=name, table=table, element_id=element)
        return self

    def record(self, subject: str, item: str, passed: str, /) -> PlantBuilder:
        """Add an inspection record."""
        return self.add("records", subject_id=subject, item_id=item, passed=passed)

    def add(self, table: str, /, **columns: object) -> PlantBuilder:
        """Add one row to any table."""
        self.rows.setdefault(table, []).append(columns)
        return self

    def change(self, table: str, name: str, /, **columns: object) -> PlantBuilder:
        """Change columns of the row with this id."""
        for row in self.rows[table]:
            if row["id"] == name:
                row.update(columns)
        return self

    def copy(self) -> PlantBuilder:
        """A builder of its own with the same rows."""
        other = copy.copy(self)
        other.rows = {table: [dict(row) for row in rows] for table, rows in self.rows.items()}
        return other

    # What comes out -----------------------------------------------------------------------------

    def columns(self) -> dict[str, dict[str, list[object]]]:
        """Plain columns, as :func:`netgraph.inventory.from_columns` takes them."""
        tables = dict(self.rows)
        names = {
            row["customer_id"] for row in (*tables.get("sites", ()), *tables.get("circuits", ()))
        }
        tables["customers"] = [{"id": name, "name": name} for name in sorted(names)]
        for table in ("sites", "circuits"):
            if not tables.get(table):
                tables.pop(table, None)
        return {
            table: {key: [row.get(key) for row in rows] for key in dict.fromkeys(
                key for row in rows for key in row
            )}
            for table, rows in tables.items() if rows
        }  # fmt: skip

    def inventory(self) -> Inventory:
        """Read the rows."""
        return from_columns(self.columns())

    def network(self) -> LayeredNetwork:
        """Build the layered network."""
        return build_network(self.inventory())

    def audit(self, rules: Rules | None = None) -> Audit:
        """Audit the recorded routes."""
        return audit_routes(self.network(), rules or load_rules())

    def verdict(self, circuit: str = "X", rules: Rules | None = None) -> Verdict:
        """Verdict of a circuit's group."""
        audit = self.audit(rules)
        return audit.of_group(audit.network.circuits.index.find(circuit))


def shared_ids(audit: Audit, verdict: Verdict) -> set[str]:
    """Ids of what counts as shared."""
    return element_ids(audit, verdict.shared)


def element_ids(audit: Audit, numbers: Iterable[int]) -> set[str]:
    """Ids of elements and risk groups in the numbering of an audit."""
    elements = audit.network.elements
    n = len(elements)
    return {str(elements.ids[i] if i < n else audit.risks.ids[i - n]) for i in numbers}


def named(audit, numbers):
    """Shared elements as (kind, id), as the oracle names them."""
    elements, found = audit.network.elements, set()
    for number in numbers:
        if number < len(elements):
            found.add((_KINDS[elements.kind[number]], str(elements.ids[number])))
        else:
            group = number - len(elements)
            kind = "suspect" if audit.risks.is_suspect[group] else "risk"
            found.add((kind, str(audit.risks.ids[group])))
    return found


def _names(listed: str | Iterable[str]) -> Iterable[str]:
    return listed.split() if isinstance(listed, str) else listed
