"""Check the certificates of a run against the raw tables.

A second opinion: it shares no code with the audit and the searches. It reads the tables that
run.json names again, refuses what does not come from them, follows every certified route by its
rows, intersects plain sets, and takes every separating risk out of the graph of its layer. What
it cannot check it counts apart.
"""

from __future__ import annotations

from netgraph.verify.run import Verification, verify_certificates

__all__ = ["Verification", "verify_certificates"]
