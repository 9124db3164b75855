"""The lists that planners work from: single routes, hazards, devices, what the ledger has wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.rows import shared_rows
from netgraph.diversity.audit.reasons import reason_for
from netgraph.diversity.hazards import TIER_RANK
from netgraph.diversity.levels import PASSING, RANK, Level
from netgraph.report import labels
from netgraph.report.trace.words import record
from netgraph.upgrades.shortcomings import find_shortcomings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.assessment.handover.naming import Naming
    from netgraph.assessment.standing import SiteStanding
    from netgraph.assessment.value import Assessment
    from netgraph.diversity.hazards import Cause, Hazard
    from netgraph.diversity.verdict import Verdict
    from netgraph.report.labels import Language
    from netgraph.topology.ids import IdIndex

    Row = tuple[object, ...]

#: Levels at which a site hangs on one link or cable, whatever the ledger calls its second route.
SINGLE_LEVELS = frozenset({Level.SINGLE_ROUTE, Level.SAME_LINK, Level.SAME_CABLE})
#: Rows of hazards that a workbook lists, worst first; hazards.csv has them all.
MOST_HAZARDS = 20_000
_BOOKED_DUAL = frozenset({"dual", "ring"})
_MOST_SITES = 20  # named in one cell
_TIERS = (*TIER_RANK, "")
_DEVICE_TABLES = ("equipment", "sites", "offices", "rooms", "links")


def single_route_rows(
    assessment: Assessment, standings: Iterable[SiteStanding], naming: Naming
) -> list[Row]:
    """Rows of 单路由网点清单: sites whose routes are one, or meet in one link or cable."""
    chosen = [s for s in standings if s.level in SINGLE_LEVELS]
    return [
        (number, *_single_route(assessment, standing, naming))
        for number, standing in enumerate(chosen, start=1)
    ]


def _single_route(assessment: Assessment, standing: SiteStanding, naming: Naming) -> Row:
    audit, score = assessment.audit, standing.score
    verdict = worst_verdict(assessment, standing)
    circuit, located = verdict.circuits[0], assessment.located[verdict.unit]
    first = located.first
    shared = [e for run in located.runs if run.kind == "cable" for e in run.elements]
    if verdict.is_single or first is None:
        cables, outside = naming.cables_and_first_point(circuit)
    else:
        outside = first.from_place
        cables = shared or naming.cables_and_first_point(circuit)[0]
    own = audit.network.circuits.customer[circuit] or standing.customer_id
    sections = [
        section.value
        for section, level in verdict.section_levels.items()
        if verdict.is_single or level in SINGLE_LEVELS
    ]
    return (
        standing.city, standing.county, naming.customer(standing.customer_id or own),
        standing.site_id, standing.name, standing.tier, standing.importance,
        len(standing.circuits), standing.level, *naming.offices(circuit), ";".join(sections),
        naming.place(outside), (located.single_route_m or located.shared_length_m) / 1000,
        naming.listed(dict.fromkeys(cables)), score.score if score else None,
        score.full_marks if score else None,
        score.raw / score.applicable if score and score.applicable else None,
        standing.grades, verdict.confidence, _remark(assessment, standing, verdict),
    )  # fmt: skip


def _remark(assessment: Assessment, standing: SiteStanding, verdict: Verdict) -> str:
    lang = language(assessment)
    said = [reason_for(assessment.audit, verdict, assessment.located[verdict.unit], lang)]
    if standing.is_unconfirmed:
        said.append(labels.label("trace", "unconfirmed", lang))
    return ("" if lang == "zh" else " ").join(said)


def worst_verdict(assessment: Assessment, standing: SiteStanding) -> Verdict:
    """Verdict of the group that gives a site its level; the first of equals."""
    groups = dict.fromkeys(
        int(assessment.audit.units.group_of_circuit[c]) for c in standing.circuits
    )
    verdicts = [assessment.audit.verdicts[group] for group in groups]
    return min(verdicts, key=lambda v: (RANK[v.level], v.name))


def hazard_rows(assessment: Assessment, naming: Naming) -> tuple[list[Row], int]:
    """Rows of 双路由隐患排查清单: what two routes share, worst first; and how many were left out.

    A group without any second route is no same-route hazard; it stands in the list before.
    """
    causes = {cause.cause_id: cause for cause in assessment.causes_found}
    date = assessment.network.inventory.snapshot_date
    told = date.isoformat() if date else ""
    found = [h for h in assessment.hazards_found if h.run.kind != "single_route"]
    rows: list[Row] = [
        (*_hazard(assessment, hazard, causes[hazard.cause_id], naming), told)
        for hazard in found[:MOST_HAZARDS]
    ]
    return rows, max(0, len(found) - MOST_HAZARDS)


def _hazard(assessment: Assessment, hazard: Hazard, cause: Cause, naming: Naming) -> Row:
    network, run = assessment.network, hazard.run
    customer = naming.customer(network.circuits.customer[hazard.circuits[0]])
    elements = shared_rows(assessment, run)
    if run.kind == "undecidable":
        words = [record(word, language(assessment)) for word in run.elements]
        elements = naming.listed(words)
    return (
        hazard.hazard_id, hazard.severity.value,
        " / ".join(filter(None, (customer, naming.place(hazard.site)))),
        naming.listed(str(network.circuits.ids[c]) for c in hazard.circuits),
        *naming.routes(hazard.circuits), run.kind, elements, run.length_m,
        naming.ends(run.from_place, run.to_place), naming.position(hazard.lon, hazard.lat),
        cause.circuits, cause.customers, cause.worst_tier,
        assessment.audit.verdicts[hazard.unit].confidence,
    )  # fmt: skip


def equipment_rows(assessment: Assessment, naming: Naming) -> list[Row]:
    """Rows of 设备整改清单: devices, power and rooms that fail items, most sites first."""
    by_place = assessment.scores.by_place
    found = find_shortcomings(assessment.audit, assessment.scores, by_place)
    known = frozenset(labels.identifiers("device_problem"))
    ids = assessment.network.places.ids
    rank_of = {str(ids[place]): _tier_rank(score.tier) for place, score in by_place.items()}
    places = _DevicePlaces(assessment, naming, found.items)
    rows: list[Row] = []
    for row, failed in found.items.items():
        table, _, row_id = row.partition(":")
        items = [item for item in failed if item in known]
        if not items or table not in _DEVICE_TABLES:
            continue
        sites = sorted({site for item in items for site in failed[item]})
        tier = _TIERS[min(map(rank_of.__getitem__, sites))]
        rows.append((
            naming.listed(sites, _MOST_SITES), len(sites), tier, table, row_id,
            *places.of(table, row_id),
            ";".join(_once("device_problem", items)), ";".join(_once("device_cure", items)),
            1, "; ".join(items),
        ))  # fmt: skip
    rows.sort(key=_weight)
    return rows


def _weight(row: Row) -> tuple[int, int, str, str]:
    """Sort devices by the sites that they hurt, then by tier."""
    _, sites, tier, table, row_id, *_ = row
    return -int(str(sites)), _tier_rank(str(tier)), str(table), str(row_id)


def _tier_rank(tier: str) -> int:
    return TIER_RANK.get(tier, len(TIER_RANK))


def _once(group: str, items: Sequence[str]) -> list[str]:
    """Items whose words differ: two items may complain of the same thing."""
    first: dict[str, str] = {}
    for item in items:
        first.setdefault(labels.label(group, item, "en"), item)
    return list(first.values())


class _DevicePlaces:
    """Where the rows of some tables stand, and their models; their positions are found at once."""

    def __init__(self, assessment: Assessment, naming: Naming, rows: Iterable[str]) -> None:
        network = assessment.network
        self._network, self._naming = network, naming
        by_table: dict[str, list[str]] = {}
        for row in rows:
            table, _, row_id = row.partition(":")
            by_table.setdefault(table, []).append(row_id)
        rooms = network.inventory.table("rooms")
        self._room_at = dict(zip(rooms["id"].tolist(), rooms["location_id"].tolist(), strict=True))
        at_places = [
            self._home_of(t, i) for t in ("sites", "offices", "rooms") for i in by_table.get(t, ())
        ]
        self._devices = _positions(network.equipment.index, by_table.get("equipment", []))
        self._links = _positions(network.links.index, by_table.get("links", []))
        self._places = _positions(network.places.index, at_places)

    def of(self, table: str, row_id: str) -> tuple[str, str]:
        """Where a row stands, and its model."""
        network, naming = self._network, self._naming
        if table == "equipment":
            device = self._devices[row_id]
            place = int(network.equipment.location[device])
            return naming.place(place), str(network.inventory.table("equipment")["model"][device])
        if table == "links":
            link = self._links[row_id]
            ends = (int(network.links.a_place[link]), int(network.links.b_place[link]))
            return naming.ends(*ends), ""
        return naming.place(self._places[self._home_of(table, row_id)]), ""

    def _home_of(self, table: str, row_id: str) -> str:
        return self._room_at.get(row_id, row_id) if table == "rooms" else row_id


def _positions(index: IdIndex, ids: list[str]) -> dict[str, int]:
    return dict(zip(ids, index.positions(np.array(ids, dtype=object)).tolist(), strict=True))


def ledger_rows(
    assessment: Assessment, standings: Iterable[SiteStanding], naming: Naming
) -> list[Row]:
    """Rows of 账实不符清单: sites that the ledger calls dual or a ring, and are not proven so."""
    chosen = [
        s for s in standings
        if s.claimed_route in _BOOKED_DUAL and s.level is not None and s.level not in PASSING
    ]  # fmt: skip
    return [
        (number, *_ledger(assessment, standing, naming))
        for number, standing in enumerate(chosen, start=1)
    ]


def _ledger(assessment: Assessment, standing: SiteStanding, naming: Naming) -> Row:
    lang, verdict = language(assessment), worst_verdict(assessment, standing)
    located = assessment.located[verdict.unit]
    runs = located.runs
    where = dict.fromkeys(naming.ends(run.from_place, run.to_place) for run in runs)
    evidence = [
        row for run in runs if run.kind != "undecidable"
        for row in shared_rows(assessment, run).split(";")
    ]  # fmt: skip
    return (
        standing.city, naming.customer(standing.customer_id), standing.site_id, standing.name,
        standing.tier, standing.claimed_route, standing.level, standing.severity.value,
        naming.listed(where, 5), located.single_route_m or located.shared_length_m,
        naming.listed(dict.fromkeys(evidence)), _settled_by(assessment, verdict, lang, naming),
        verdict.confidence, reason_for(assessment.audit, verdict, located, lang),
    )  # fmt: skip


def _settled_by(assessment: Assessment, verdict: Verdict, lang: Language, naming: Naming) -> str:
    """Name the records that decide: the missing ones, else those that state the sharing."""
    if verdict.level is Level.UNDECIDABLE and verdict.missing:
        return naming.listed(record(words, lang) for words in verdict.missing)
    kinds = dict.fromkeys(run.kind for run in assessment.located[verdict.unit].runs)
    circuit = str(assessment.network.circuits.ids[verdict.circuits[0]])
    known = [k for k in kinds if k in labels.identifiers("settles")]
    return naming.listed(labels.label("settles", kind, lang).format(id=circuit) for kind in known)


def language(assessment: Assessment) -> Language:
    """Language of an assessment's lists."""
    return "zh" if assessment.options.lang == "zh" else "en"
