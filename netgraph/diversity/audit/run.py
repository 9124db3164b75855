"""The audit of recorded diversity: three-valued verdicts and levels, unit by unit.

Nothing is searched here: the routes are taken as recorded, and the question is what they share.
A common element that is proven makes an aspect false whatever else is missing; complete records
without a common element make it true; everything else is undecidable.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit.basis import AuditBasis, prepare_audit
from netgraph.diversity.audit.evidence import UnitEvidence, weigh_units
from netgraph.diversity.audit.judge import Judge, UnitSets
from netgraph.diversity.audit.missing import find_roleless
from netgraph.diversity.audit.sections import (
    SECTION_BIT,
    rests_on_roles,
    section_homes,
    sections_of_entries,
)
from netgraph.diversity.audit.separated import raise_separated
from netgraph.diversity.audit.sifting import common_section_ends
from netgraph.diversity.audit.walk_arrays import classes_of, walk_arrays
from netgraph.diversity.sharing.sets import SharedSets, find_shared
from netgraph.topology.paths import Paths, build_paths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.audit.columns import Verdicts
    from netgraph.diversity.audit.units import JudgedUnits
    from netgraph.diversity.levels import Section
    from netgraph.diversity.rules import Rules
    from netgraph.diversity.sharing.classes import ElementClasses
    from netgraph.diversity.sharing.places import WalkArrays
    from netgraph.diversity.verdict import CommonTables, Verdict
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints


@dataclass(frozen=True)
class Audit(AuditBasis):
    """The verdicts of all units, and what they were computed from.

    Attributes
    ----------
    entry_section
        Section of every link on every route.
    classes
        Elements that every link holds together, or not at all.
    verdicts
        One a unit; made when asked for.
    """

    paths: Paths
    entry_section: NDArray[np.int64]
    classes: ElementClasses
    verdicts: Verdicts

    @property
    def common(self) -> CommonTables:
        """What the units' routes have in common."""
        return self.verdicts.tables

    def of_circuit(self, circuit: int) -> Verdict:
        """Verdict of the circuit by itself."""
        return self.verdicts[circuit]

    def of_group(self, circuit: int) -> Verdict:
        """Verdict of the circuit's group."""
        return self.verdicts[int(self.units.group_of_circuit[circuit])]


def audit_routes(network: LayeredNetwork, rules: Rules) -> Audit:
    """Judge the recorded routes of every circuit and group.

    Exact on the records; cost O(sum of the elements on all routes).

    Parameters
    ----------
    network, rules
        The layered network, and the thresholds.

    Returns
    -------
    Audit
        One verdict a unit.
    """
    return judge_routes(prepare_audit(network, rules))


def judge_routes(basis: AuditBasis) -> Audit:
    """Do what :func:`audit_routes` does, once what it judges is prepared."""
    network, rules, units = basis.network, basis.rules, basis.units
    paths, section = build_paths(network), sections_of_entries(network)
    evidence = weigh_units(network, units, section)
    near_m = rules.entry_tolerance_m
    classes = classes_of(network, paths, basis.risks, section, near_m)
    arrays = walk_arrays(network, paths, classes, section, near_m)
    wired_in = _wired_in(network, section)
    ends = common_section_ends(units, section_homes(network, section))
    judge = Judge(
        network,
        rules,
        units,
        evidence,
        basis.kind,
        classes,
        unit_sets(network, units, evidence, arrays, wired_in, ends),
        ends,
        wired_in,
        find_roleless(network, units, evidence, rests_on_roles(network, section)),
    )
    return Audit(
        **{each.name: getattr(basis, each.name) for each in fields(AuditBasis)},
        paths=paths,
        entry_section=section,
        classes=classes,
        verdicts=raise_separated(network, rules, units, paths, judge.verdicts()),
    )


def _wired_in(network: LayeredNetwork, section: Ints) -> dict[Section, NDArray[np.bool_]]:
    """By section with a wireless link: routes that have none there."""
    routes = network.circuits.routes
    wireless = network.links.is_wireless[routes.links.indices]
    result = {}
    for name, bit in SECTION_BIT.items():
        here = wireless & (section == bit)
        if here.any():
            result[name] = np.ones(len(routes), dtype=bool)
            result[name][routes.links.owners[here]] = False
    return result


def unit_sets(
    network: LayeredNetwork,
    units: JudgedUnits,
    evidence: UnitEvidence,
    arrays: WalkArrays,
    wired_in: Mapping[Section, NDArray[np.bool_]],
    section_ends: Ints,
) -> UnitSets:
    """Find what units share on all routes, and on those that prove something."""

    def shared(routes: NDArray[np.bool_], judged: NDArray[np.bool_]) -> SharedSets:
        judged_units = units.subset(network, section_ends, routes, judged & ~evidence.is_single)
        return find_shared(judged_units, arrays)

    everything = np.ones(len(network.circuits.routes), dtype=bool)
    complete, wireless = evidence.route_has_plant, evidence.has_wireless
    return UnitSets(
        proven=shared(everything, ~evidence.is_single),
        known=shared(evidence.route_is_carried, evidence.has_unknown),
        complete=shared(complete, evidence.has_gap_in_plant),
        wired=shared(complete & evidence.route_is_wired, wireless),
        wired_in={s: shared(complete & wired, wireless) for s, wired in wired_in.items()},
    )
