"""Cables and the spans that they run through; what is used of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.checks.chains import follow_chains, in_order
from netgraph.inventory.coded import are_equal
from netgraph.inventory.rules import make_finding
from netgraph.inventory.schema import load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory.checks.lookup import Lookup
    from netgraph.inventory.findings import Finding
    from netgraph.inventory.model import Table

_CAPACITIES = (
    ("cables", "cores_total", ("cores_used", "cores_bad")),
    ("spans", "bores_total", ("bores_used",)),
)
# Table of use, its user (column, table), what it uses (column, table).
_USES = (
    ("cable_spans", ("cable_id", "cables"), ("span_id", "spans")),
    ("link_cables", ("link_id", "links"), ("cable_id", "cables")),
    ("link_links", ("link_id", "links"), ("carrier_id", "links")),
    ("circuit_links", ("circuit_id", "circuits"), ("link_id", "links")),
)
#: What ends, or stands, at a place or device.
_ENDS = (
    ("spans", ("from_id", "to_id")),
    ("cables", ("from_id", "to_id")),
    ("links", ("from_id", "to_id")),
    ("equipment", ("location_id",)),
)


def check_cables_have_spans(lookup: Lookup) -> list[Finding]:
    """Find cables in service of which nobody knows where they run."""
    cables, cable_spans = lookup.table("cables"), lookup.table("cable_spans")
    if not cable_spans.is_recorded:
        return []
    carried = np.zeros(len(cables) + 1, dtype=bool)
    carried[lookup.references("cable_spans", "cable_id", "cables")] = True
    bare = ~carried[:-1] & cables.coded("status").equals("in_service")
    message = Message("no spans are recorded for the cable")
    hint = Message("Enter its spans: until then nothing that it carries can be called diverse.")
    return [make_finding("ND924", cables, row, message, hint) for row in np.flatnonzero(bare)]


def check_cable_routes(lookup: Lookup) -> list[Finding]:
    """Find cables whose spans do not meet, or do not lead from one end of the cable to the other.

    Spans must meet at one and the same point. The last point may be anywhere in the building of
    the cable's end. Cables with unknown ids or without an order are left to the other checks.
    """
    cables, cable_spans = lookup.table("cables"), lookup.table("cable_spans")
    rows, starts, owners = _ordered(lookup, cable_spans)
    if len(owners) == 0:
        return []
    used = lookup.references("cable_spans", "span_id", "spans")[rows]
    # An unknown span, of which there may be nothing else, has unknown ends.
    near, far = (np.append(lookup.ends("spans", end), -1)[used] for end in ("from_id", "to_id"))
    ends = [lookup.ends("cables", column)[owners] for column in ("from_id", "to_id")]
    chains = follow_chains(starts, near, far)
    decidable = np.logical_and.reduceat((used >= 0) & (near >= 0) & (far >= 0), starts[:-1])
    findings = []
    for chain in np.flatnonzero(decidable & (chains.broken_at >= 0)):
        at = chains.broken_at[chain]
        before, after = (cable_spans["span_id"][rows[row]] for row in (at - 1, at))
        message = Message("its spans {0!r} and {1!r} do not meet", before, after)
        hint = Message("Correct the order, or enter the spans between the two.")
        findings.append(make_finding("ND925", cables, owners[chain], message, hint))
    home = np.append(lookup.places.home, -1)
    wanted = np.sort(home[np.array(ends)], axis=0)
    reached = np.sort(home[np.array([chains.first, chains.last])], axis=0)
    joins = ((reached == wanted[:, np.newaxis]).all(axis=0) & (chains.first >= 0)).any(axis=0)
    known = (ends[0] >= 0) & (ends[1] >= 0)
    for chain in np.flatnonzero(decidable & known & (chains.broken_at < 0) & ~joins):
        row = owners[chain]
        start, stop = (cables[column][row] for column in ("from_id", "to_id"))
        message = Message("its spans do not lead from {0!r} to {1!r}", start, stop)
        hint = Message("Enter the spans that are missing at the ends, or correct the ends.")
        findings.append(make_finding("ND926", cables, row, message, hint))
    return findings


def _ordered(
    lookup: Lookup, table: Table
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Sort the rows of known cables by cable and place; cables without a full order are left out.

    Returns rows of shape (r,), starts of shape (c+1,) into them, and the c cables.
    """
    owner = lookup.references(table.name, "cable_id", "cables")
    unordered = np.zeros(len(lookup.table("cables")) + 1, dtype=bool)
    unordered[owner[np.isnan(table["seq"])]] = True
    rows = np.flatnonzero((owner >= 0) & ~unordered[owner])
    rows = rows[in_order(owner[rows], table["seq"][rows])]
    sizes = np.bincount(owner[rows])
    owners = np.flatnonzero(sizes)
    return rows, np.append(0, np.cumsum(sizes[owners])), owners


def check_capacities(lookup: Lookup) -> list[Finding]:
    """Find more cores or bores in use than there are."""
    findings = []
    for name, total, parts in _CAPACITIES:
        table = lookup.table(name)
        taken = sum((np.nan_to_num(table[part]) for part in parts), np.zeros(len(table)))
        for row in np.flatnonzero(taken > table[total]):
            message = Message(
                "{0} is {1:g}, {2} is {3:g}",
                " plus ".join(parts),
                taken[row],
                total,
                table[total][row],
            )
            hint = Message("Correct the counts: until then nothing is known to be spare.")
            findings.append(make_finding("ND931", table, row, message, hint))
    return findings


def check_uses(lookup: Lookup) -> list[Finding]:
    """Find what is in service and uses something, or ends at something, that is not."""
    findings = []
    for name, (user_column, user_table), (used_column, used_table) in _USES:
        users = lookup.table(user_table)
        user_rows = lookup.references(name, user_column, user_table)
        alive = np.append(users.coded("status").equals("in_service"), [False])[user_rows]
        findings += _find_dead(lookup, alive, name, (used_column, used_table))
    for name, columns in _ENDS:
        alive = lookup.table(name).coded("status").equals("in_service")
        for column in columns:
            for used_table in load_schema()[name].columns[column].references:
                findings += _find_dead(lookup, alive, name, (column, used_table))
    return findings


def _find_dead(
    lookup: Lookup, alive: NDArray[np.bool_], name: str, used: tuple[str, str]
) -> list[Finding]:
    column, used_table = used
    table, status = lookup.table(name), lookup.table(used_table)["status"]
    used_rows = lookup.references(name, column, used_table)
    stands = lookup.table(used_table).coded("status").equals("in_service")
    findings = []
    for row in np.flatnonzero(alive & np.append(~stands, [False])[used_rows]):
        state = status[used_rows[row]] or Message("of unknown status")
        message = Message("{0} {1!r} is {2}", column, table[column][row], state)
        hint = Message("Correct the status or the route: only what is in service carries traffic.")
        findings.append(make_finding("ND945", table, row, message, hint))
    return findings


def check_loops(lookup: Lookup) -> list[Finding]:
    """Find spans, cables, links and corridors that end where they start."""
    findings = []
    for name in ("spans", "cables", "links", "corridors"):
        table = lookup.table(name)
        near, far = table.coded("from_id"), table.coded("to_id")
        for row in np.flatnonzero(are_equal(near, far) & ~near.equals("")):
            message = Message("from_id and to_id are both {0!r}", table["from_id"][row])
            hint = Message("Correct one end: as it stands it joins nothing.")
            findings.append(make_finding("ND938", table, row, message, hint))
    return findings
