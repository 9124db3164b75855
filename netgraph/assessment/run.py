"""The main job, stage by stage: inventory to network to verdicts to scores."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.background import beside
from netgraph.assessment.measures.proximity import located_with_parallels
from netgraph.assessment.measures.regional import check_radius
from netgraph.assessment.options import Options
from netgraph.assessment.value import Assessment
from netgraph.collecting import uncollected
from netgraph.diversity.achievable.find import Achievable, find_achievable
from netgraph.diversity.audit.basis import prepare_audit
from netgraph.diversity.audit.positions import locate_all
from netgraph.diversity.audit.run import judge_routes
from netgraph.diversity.availability import find_availability
from netgraph.diversity.causes import gather_causes
from netgraph.diversity.hazards import find_hazards
from netgraph.errors import InputError
from netgraph.inventory import Finding, check_inventory
from netgraph.inventory.hazard_groups import read_all_hazard_areas, with_hazard_areas
from netgraph.messages import Message
from netgraph.scoring import score_sites, tiers_of_places
from netgraph.topology import LayeredNetwork, build_network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability import Rates
    from netgraph.inventory import Inventory
    from netgraph.inventory.hazard_areas import HazardAreas

    #: Called with the stage, how much is done, and how much there is.
    Progress = Callable[[str, int, int], None]
    _Checked = Callable[[], Sequence[Finding] | None]


@uncollected()
def assess(
    inventory: Inventory, options: Options | None = None, *, progress: Progress | None = None,
    meanwhile: Callable[[Assessment], None] | None = None,
    checked: _Checked | None = None,
) -> Assessment:  # fmt: skip
    """Judge every circuit, and score and grade every site.

    Parameters
    ----------
    inventory
        As read; its findings are kept and the checks are run here.
    options
        Thresholds, scorecard, date; the shipped ones when omitted.
    progress
        Called from time to time with (stage, done, all).
    meanwhile
        Called while the searches still run, with what does not need them: the assessment that is
        returned, but for `achievable` (of nothing yet) and the findings of the searches.
    checked
        Gives what `check_inventory` finds, from who checks the inventory meanwhile; None if that
        came to nothing. Asked only where the options set no other date.

    Returns
    -------
    Assessment
        The audit of the recorded routes is exact on the records; searches are exact or say
        `unproven`.

    Raises
    ------
    InputError
        If a table that an assessment cannot do without is missing, coordinates have no CRS, or a
        layer of hazard areas cannot be used.
    UsageError
        If the radius is not positive.
    """
    given, clock = _take(inventory, options or Options(), checked), _Clock(progress)
    basis, options, is_narrow = _prepare(given, clock), given.options, Event()

    def search(tell: Callable[[int, int], None]) -> Achievable:
        try:
            return find_achievable(
                basis, seconds=options.search_seconds, progress=tell, objective=options.objective,
                rates=options.rates, passed=is_narrow.set,
            )  # fmt: skip
        finally:
            is_narrow.set()

    with beside(search, clock.within("search")) as searched:
        known = _judge(given, basis, clock, is_narrow)
        if meanwhile is not None:
            meanwhile(known)
        with clock.stage("search"):
            achievable = searched()
    return known.with_search(achievable, _check_centres(basis.network, achievable))


@uncollected()
def assess_recorded(
    inventory: Inventory, options: Options | None = None, *, progress: Progress | None = None
) -> Assessment:
    """Do what :func:`assess` does, but for the searches: nothing is achievable, nothing unproven.

    For those who search for a few sites only.
    """
    given, clock = _take(inventory, options or Options()), _Clock(progress)
    has_room = Event()
    has_room.set()
    return _judge(given, _prepare(given, clock), clock, has_room)


@dataclass(frozen=True)
class _Given:
    """What an assessment was asked for.

    `recorded` is the inventory without the areas, `checked` what its checks find (see `assess`).
    """

    recorded: Inventory
    inventory: Inventory
    options: Options
    areas: tuple[HazardAreas, ...]
    checked: _Checked | None


def _take(inventory: Inventory, options: Options, checked: _Checked | None = None) -> _Given:
    """Look whether an assessment can be made, and lay the hazard areas over the inventory."""
    _require(inventory)
    check_radius(options.radius_m)
    areas = read_all_hazard_areas(options.hazards, options.hazard_kind)
    if options.as_of is not None:
        inventory, checked = replace(inventory, snapshot_date=options.as_of), None
    laid = with_hazard_areas(inventory, areas, options.rules.reach)
    return _Given(inventory, laid, options, areas, checked)


def _prepare(given: _Given, clock: _Clock) -> AuditBasis:
    """Build what the searches need: all else can be done beside them."""
    with clock.stage("network"):
        network = build_network(given.inventory)
    with clock.stage("audit", is_told=False):
        return prepare_audit(network, given.options.rules)


def _judge(given: _Given, basis: AuditBasis, clock: _Clock, has_room: Event) -> Assessment:
    """Check an inventory and judge what is recorded: nothing is achievable yet.

    Hazards and scores wait for room beside the passes of the searches, which take both cores and
    most of the memory.
    """
    options = given.options
    with clock.stage("check"):
        checked = given.checked() if given.checked else None
        findings = [
            *given.recorded.findings,
            *(check_inventory(given.recorded) if checked is None else checked),
            *given.inventory.findings,
            *_check_hazard_rates(given.areas, options.rates), *_check_network(basis.network),
        ]  # fmt: skip
    with clock.stage("audit"):
        audit = judge_routes(basis)
        findings += _check_assumed(audit)
    with clock.stage("availability"):
        availability = find_availability(audit, options.rates)
        minutes_year = availability.units.minutes_year
    with clock.stage("search", is_told=False):
        has_room.wait()
    with clock.stage("hazards"):
        tiers = tiers_of_places(audit, options.card)
        located = locate_all(audit, audit.verdicts)
        groups = sorted(set(audit.units.group_of_circuit.tolist()))
        judged = located_with_parallels(audit, located, groups, options.radius_m)
        hazards = find_hazards(audit, judged, tiers, minutes_year)
    with clock.stage("score"):
        scores = score_sites(audit, options.card, clock.within("score"))
        causes = gather_causes(audit, hazards, minutes_year)
    return Assessment(
        options=options,
        audit=audit,
        located=located,
        tiers=tuple(tiers),
        hazards_found=hazards,
        availability_found=availability,
        causes_found=causes,
        achievable=Achievable.of_nothing(),
        scores=scores,
        findings=tuple(sorted({*findings, *scores.findings})),
        seconds=clock.seconds,
        areas=given.areas,
    )


class _Clock:
    """Seconds per stage, and the caller's progress."""

    def __init__(self, progress: Progress | None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def stage(self, name: str, *, is_told: bool = True) -> Iterator[None]:
        if self._progress and is_told:
            self._progress(name, 0, 1)
        start = time.perf_counter()
        yield
        seconds = self.seconds.get(name, 0.0) + time.perf_counter() - start
        self.seconds[name] = round(seconds, 3)
        if self._progress and is_told:
            self._progress(name, 1, 1)

    def within(self, name: str) -> Callable[[int, int], None] | None:
        progress = self._progress
        if progress is None:
            return None
        return lambda done, whole: progress(name, done, whole)


def _require(inventory: Inventory) -> None:
    problems = [
        Message("There is no table {0!r}, or it has no rows: an assessment needs it.", name)
        for name in ("sites", "circuits")
        if len(inventory.table(name)) == 0
    ]
    if inventory.crs == "":
        problems.append(
            Message(
                "The coordinates are planar and no CRS is given: name it in the table "
                "inventory, column crs (an EPSG code such as EPSG:4547)."
            )
        )
    if problems:
        raise InputError(problems)


def _check_assumed(audit: Audit) -> list[Finding]:
    """Say once how many groups rest on no record."""
    circuits = audit.network.circuits
    assumed = np.flatnonzero(circuits.is_group_assumed)
    if len(assumed) == 0:
        return []
    n_groups = len(set(audit.units.group_of_circuit[assumed].tolist()))
    agree = ", ".join(audit.rules.assume_by)
    return [Finding(
        rule="ND991",
        severity="info",
        table="circuits",
        row_id="",
        message=Message(
            "{0} groups of {1} circuits are assumed: they agree in {2}, and no group_id says which "
            "of them back each other up.", n_groups, len(assumed), agree,
        ),
        hint=Message(
            "Fill circuits.group_id; levels and scores of these sites rest on an assumption."
        ),
    )]  # fmt: skip


def _check_centres(network: LayeredNetwork, achievable: Achievable) -> list[Finding]:
    """Say once, not once a site, that the recorded plant does not reach a centre."""
    ids = network.places.ids
    return [
        Finding(
            rule="ND982",
            severity="warning",
            table="circuits",
            row_id="/".join(str(ids[place]) for place in ends),
            message=Message("No site reaches this B end over the recorded spans."),
            hint=Message(
                "Record the spans up to it; until then nothing can be said to be achievable."
            ),
        )
        for ends in achievable.unreached
        if ends  # an unknown B end is a finding of its own
    ]


def _check_hazard_rates(layers: Sequence[HazardAreas], rates: Rates) -> list[Finding]:
    """Say which kinds of areas the modelled outages leave out."""
    kinds = {kind for layer in layers for kind in layer.kinds} - set(rates.per_hazard_year)
    return [
        Finding(
            rule="ND989",
            severity="info",
            table="hazard_areas",
            row_id=kind,
            message=Message(
                "There is no failure rate for areas of the kind {0}: expected outages leave "
                "them out.",
                kind,
            ),
            hint=Message("Set failures_per_hazard_year.{0} in the rates to count them.", kind),
        )
        for kind in sorted(kinds)
    ]


def _check_network(network: LayeredNetwork) -> list[Finding]:
    names = network.equipment.system_ids
    findings = [
        Finding(
            rule="ND980",
            severity="warning",
            table="systems",
            row_id=str(names[code]),
            message=Message("The links of this ring system do not form one cycle."),
            hint=Message(
                "Correct links.system_id or systems.kind; until then it derives no protection."
            ),
        )
        for code in network.rings.broken
    ]
    if network.inventory.snapshot_date is None:
        findings.append(Finding(
            rule="ND981",
            severity="warning",
            table="inventory",
            row_id="",
            message=Message("There is no snapshot date: ages of equipment are unknown."),
            hint=Message("Fill inventory.snapshot_date, or give a date with --as-of."),
        ))  # fmt: skip
    return findings
