"""Check the certificates of a run against the raw tables.

A second opinion: it shares no code with the audit and the searches. It reads the tables that
run.json names again, refuses what does not come from them, follows every certified route by its
rows, intersects plain sets, and takes every separating risk out of the graph of its layer. What
it cannot check it counts apart.

To read it as a stranger: `checker` holds what is claimed to what is shared (all kinds of routes),
`layers` takes risks out of a graph (separating risks, searched pairs, records that are missing).
Below them `rows` joins the tables and judges nothing, `ways` follows routes by these rows, `orders`
tells in what order the pieces of a broken cable are passed, `groups`
and `lines` tell what fails together and what lies apart, `circuits` takes circuits segment by
segment. `aspects`, `lengths` and `items` (with `scope` and `plant_items`) derive what the tables
say besides from routes that passed, `scores` adds up and counts, `tables` names the cells that
differ. `run` reads a run and counts, `settings` names its rules that are not the shipped ones.
"""

from __future__ import annotations

from netgraph.verify.run import Verification, verify_certificates

__all__ = ["Verification", "verify_certificates"]
