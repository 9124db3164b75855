"""Plain walks over example tables, without anything of netgraph."""

from __future__ import annotations

from collections import defaultdict

import pytest


class Tables:
    """Rows of an example, and naive answers about them: an oracle that shares no code."""

    def __init__(self, columns):
        self.columns = columns
        self._rows = {}
        self.span = {row["id"]: row for row in self["spans"]}
        self.structure = {row["id"]: row for row in self["structures"]}
        self.cable = {row["id"]: row for row in self["cables"]}
        self.link = {row["id"]: row for row in self["links"]}
        self.equipment = {row["id"]: row for row in self["equipment"]}
        self.spans_of = self._in_order("cable_spans", "cable_id", "span_id")
        self.cables_of = self._in_order("link_cables", "link_id", "cable_id")
        self.carriers_of = self._in_order("link_links", "link_id", "carrier_id")
        self.routes = self._in_order("circuit_links", ("circuit_id", "role"), "link_id")

    def __getitem__(self, table):
        if table not in self._rows:
            columns = self.columns.get(table, {})
            self._rows[table] = [
                dict(zip(columns, values, strict=True))
                for values in zip(*columns.values(), strict=True)
            ]
        return self._rows[table]

    def _in_order(self, table, owner, member):
        found = defaultdict(list)
        for row in sorted(self[table], key=lambda row: row["seq"]):
            key = tuple(row[name] for name in owner) if isinstance(owner, tuple) else row[owner]
            found[key].append(row[member])
        return found

    def location(self, end):
        """Where an end of a link is: the building of its equipment."""
        return self.equipment[end]["location_id"]

    def walk(self, start, pieces, ends_of):
        """Where a walk over pieces ends; fails where one does not join."""
        at = start
        for piece in pieces:
            a, b = ends_of(piece)
            assert at in {a, b}, (piece, at)
            at = b if at == a else a
        return at

    def all_links(self, links):
        """Links with those that carry them."""
        for link in links:
            yield link
            yield from self.all_links(self.carriers_of.get(link, ()))

    def elements(self, links):
        """What a route uses, by kind."""
        found = defaultdict(set)
        for link in self.all_links(links):
            found["link"].add(link)
            for end in (self.link[link]["from_id"], self.link[link]["to_id"]):
                found["device"].add(end)
                found["office"].add(self.location(end))
            for cable in self.cables_of.get(link, ()):
                found["cable"].add(cable)
                for span in self.spans_of.get(cable, ()):
                    row = self.span[span]
                    found["span"].add(span)
                    # Two spans between the same points pass for one trench.
                    ends = frozenset((row["from_id"], row["to_id"]))
                    found["trench"] |= {row.get("trench_id") or span, ends}
                    found["structure"] |= {
                        end
                        for end in ends & self.structure.keys()
                        if not self.structure[end]["building_id"]
                    }
        return found


@pytest.fixture(scope="session")
def tables_of():
    """Return the class that answers questions about example columns."""
    return Tables
