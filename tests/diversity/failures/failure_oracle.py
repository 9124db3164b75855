"""Failures told in plain sets: slow, and without a line of the simulation.

A risk is a set of elements. A link goes down if something it alone depends on fails, or something
on each of its legs; a route with any of its links; a segment with all of its routes; a circuit
with any of its segments.
"""

from __future__ import annotations

from functools import cache

from audit_oracle import Circuit, World

DOWN, UNPROTECTED, MAYBE, UP = "down", "unprotected", "maybe", "up"
TABLES = {
    "link": "links", "cable": "cables", "span": "spans", "trench": "trenches",
    "structure": "structures", "device": "equipment", "room": "rooms", "building": "buildings",
}  # fmt: skip


class Oracle:
    """The circuits of some rows, and what becomes of them when a set of elements fails."""

    def __init__(self, rows):
        self.world = World(rows)
        self.own_elements = cache(self.world.own_elements)
        self.cable_elements = cache(self.world.cable_elements)
        self.legs = cache(self.world.legs)
        self.circuits = {row["id"]: Circuit(self.world, row) for row in rows.get("circuits", ())}
        self.risks = self._risks()

    def _risks(self):
        """Every element of the network, and every group, by the id that the product gives it."""
        world, found = self.world, {}
        for kind, table in (
            ("link", "links"), ("cable", "cables"), ("span", "spans"), ("device", "equipment"),
            ("structure", "structures"), ("room", "rooms"), ("location", "offices"),
            ("location", "sites"),
        ):  # fmt: skip
            for name in world.t[table]:
                found[f"{table}:{name}"] = {(kind, name)}
        for table in ("offices", "sites", "structures"):
            for row in world.t[table].values():
                if row.get("building_id"):
                    found[f"buildings:{row['building_id']}"] = {("building", row["building_id"])}
        for row in world.t["spans"].values():
            if row.get("trench_id"):
                found[f"trenches:{row['trench_id']}"] = {("trench", row["trench_id"])}
        for element, groups in world.groups_of.items():
            for kind, name in groups:
                prefix = "risk_groups" if kind == "risk" else "suspected"
                found.setdefault(f"{prefix}:{name}", set()).add(element)
        return found

    def is_link_down(self, link, failed):
        if self.own_elements(link) & failed:
            return True
        legs = self.legs(link)
        return bool(legs) and all(self._is_leg_down(leg, failed) for leg in legs)

    def _is_leg_down(self, leg, failed):
        cables, carriers = leg
        return any(self.cable_elements(c) & failed for c in cables) or any(
            self.is_link_down(c, failed) for c in carriers if c in self.world.t["links"]
        )

    def is_route_down(self, route, failed):
        return any(self.is_link_down(link, failed) for link in route.links)

    def _lacks(self, route, buildings):
        bare = buildings and any(
            not self.world.t["offices"][office].get("building_id")
            for link in route.links
            for office in self.world.offices_on(link)
        )
        return bare or not route.has_plant

    def state(self, circuit, failed, *, buildings=False):
        """What becomes of a circuit when the elements of some risks fail together."""
        down = [[self.is_route_down(r, failed) for r in s] for s in circuit.segments]
        if any(all(segment) for segment in down):
            return DOWN, True
        lost = any(any(segment) for segment in down)
        maybe = any(
            all(is_down or self._lacks(r, buildings) for is_down, r in zip(d, s, strict=True))
            for d, s in zip(down, circuit.segments, strict=True)
        )
        return (UNPROTECTED if lost else UP), maybe

    def fail(self, *risks, buildings=False):
        """States of all circuits when some risks fail together."""
        failed = set().union(*(self.risks[risk] for risk in risks))
        return {
            name: self.state(circuit, failed, buildings=buildings)
            for name, circuit in self.circuits.items()
        }

    def down(self, *risks):
        return {name for name, (state, _) in self.fail(*risks).items() if state == DOWN}

    def wholly_down(self, down, owner):
        """Sites or customers of which every circuit is down."""
        groups = {}
        for name, circuit in self.circuits.items():
            key = owner(circuit.row)
            if key:
                groups.setdefault(key, set()).add(name)
        return {key for key, members in groups.items() if members <= down}

    def sites_down(self, down):
        return self.wholly_down(
            down, lambda row: row["a_id"] if row["a_id"] in self.world.t["sites"] else None
        )

    def customers_down(self, down):
        return self.wholly_down(down, lambda row: row.get("customer_id"))
