"""Check the certificates of a run against the raw tables.

A second opinion: it shares no code with the audit and the searches. It reads the tables that
run.json names again, refuses what does not come from them, follows every certified route by its
rows, intersects plain sets, and takes every separating risk out of the graph of its layer. What
it cannot check it counts apart.

What is claimed, and how it is checked:

========================================  =======================================================
the pieces of a cable or link             its rows, in the order of their numbers, from the end
                                          that they fit better (`ways`, `orders`)
what fails together                       risk groups by their members, suspected trenches drawn
                                          again (`groups`, `lines`)
a recorded route                          the links of `circuit_links`, segment by segment; the
                                          rest of a ring where that is derived (`circuits`)
a level, what is shared and tolerated     sets of what each route passes are intersected, metres
                                          from A added up piece by piece (`checker`)
separated                                 lines drawn apart, between surveyed points (`lines`)
a searched pair                           followed span by span, each free or the site's own, to
                                          the ends that its circuits ask for (`layers`, `checker`)
a separating risk                         taken out of the graph of its layer: the site reaches
                                          no end any more (`layers`)
disjoint otherwise                        each shared element taken out likewise (`layers`)
undecidable on cables or spans            what is said to be missing is not in the tables
proven by search, unproven                not checkable: counted apart, carries no level
booleans, levels by section, lengths      derived from routes that passed (`aspects`, `lengths`)
results, points, scores, grades, counts   derived from the rows and the scorecard (`items`,
                                          `plant_items`, `scope`, `scores`)
ranks of sites                            by severity, tier, importance, circuits (`ranks`)
that a cell of a table says all this      every row and column of it (`tables`)
that a verdict has a certificate at all   a verdict without one is refused (`tables`)
the inventory, the tables                 SHA-256 in run.json (`run`)
the rules                                 believed, and told where not as shipped (`settings`)
========================================  =======================================================

That a searched pair is the shortest, or shares the least, only its search can tell. What nothing
but the SHA-256 holds, `Verification.not_held` lists. Begin with `checker`, then `layers`; `rows`
below them joins the tables and judges nothing.
"""

from __future__ import annotations

from netgraph.verify.run import Verification, verify_certificates

__all__ = ["Verification", "verify_certificates"]
