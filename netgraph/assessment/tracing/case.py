"""Everything that one sheet is gathered from, out of an assessment or worked out for it alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from netgraph.assessment.tracing.asked import Question, asked_of, find_questions
from netgraph.assessment.tracing.subjects import Subject, find_subject
from netgraph.diversity.achievable.find import Achievable, find_achievable
from netgraph.diversity.audit.positions import SharedPositions, locate_shared
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.hazards import Hazard, find_hazards
from netgraph.diversity.levels import RANK
from netgraph.inventory.hazard_groups import read_all_hazard_areas, with_hazard_areas
from netgraph.scoring import score_sites, tiers_of_places
from netgraph.topology import build_network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from netgraph.assessment.options import Options
    from netgraph.assessment.results import Results
    from netgraph.diversity.achievable.find import LayerAnswer
    from netgraph.diversity.audit.run import Audit
    from netgraph.inventory import Inventory
    from netgraph.scoring import Scores
    from netgraph.topology import LayeredNetwork

    #: Called with the stage, how much is done, and how much there is.
    Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Case:
    """One subject with what was found of it.

    Attributes
    ----------
    units
        The subject's groups, worst first.
    located
        By unit.
    hazards
        At least those of the units.
    achievable, scores
        At least those of the subject's site.
    """

    subject: Subject
    units: tuple[int, ...]
    audit: Audit
    located: Mapping[int, SharedPositions]
    hazards: Sequence[Hazard]
    tier: str
    achievable: Achievable
    scores: Scores
    lang: str

    @property
    def network(self) -> LayeredNetwork:
        """The layered network."""
        return self.audit.network

    @property
    def place(self) -> int:
        """Place of the A end, -1 if unknown."""
        return self.subject.place

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What the subject asks of the searches; none where nothing was searched."""
        found = find_questions(self.audit, self.achievable, self.units, self.place)
        if self.subject.table == "sites":
            return found
        own = set(self.subject.circuits)
        return tuple(
            question
            for question in found
            if any(own.intersection(asker.circuits) for asker in question.askers)
        )

    @cached_property
    def shown(self) -> Mapping[str, Question]:
        """By layer the question whose answer is shown: of several that with the worst."""
        if not self.questions:
            return {}
        worst = self.achievable.by_place[self.place]
        spans = min(
            self.questions, key=lambda one: asked_of(one.answers["spans"]) != asked_of(worst.spans)
        )
        # Of answers that are as bad on cables that to the same question: one sheet, one centre.
        cables = min(
            self.questions,
            key=lambda one: (_weight(one.answers["cables"]) != _weight(worst.cables), one != spans),
        )
        return {"cables": cables, "spans": spans}

    def in_order(self, circuits: Iterable[int]) -> list[int]:
        """Order circuits so that the one that was asked for comes first."""
        return sorted(circuits, key=lambda circuit: circuit not in self.subject.circuits)


def _weight(answer: LayerAnswer) -> tuple[str, bool, int, int]:
    """Give what makes an answer the worse of two."""
    shares = len(answer.unavoidable), len(answer.shared)
    return answer.level, answer.is_connected, *shares


def case_of_results(results: Results, wanted: str, lang: str) -> Case:
    """Take one subject out of an assessment; nothing is worked out again."""
    subject = find_subject(results.network, wanted)
    units = _units(results.audit, subject)
    return Case(
        subject=subject,
        units=units,
        audit=results.audit,
        located={unit: results.located[unit] for unit in units},
        hazards=results.hazards_found,
        tier=results.tiers[subject.place] if subject.place >= 0 else "",
        achievable=results.achievable,
        scores=results.scores,
        lang=lang,
    )


def case_of_inventory(
    inventory: Inventory, wanted: str, options: Options, progress: Progress
) -> Case:
    """Audit everything, which is quick, but search for better routes for one site only."""
    if options.as_of is not None:
        inventory = replace(inventory, snapshot_date=options.as_of)
    areas = read_all_hazard_areas(options.hazards, options.hazard_kind)
    inventory = with_hazard_areas(inventory, areas, options.rules.reach)
    progress("network", 0, 1)
    network = build_network(inventory)
    progress("network", 1, 1)
    subject = find_subject(network, wanted)
    progress("audit", 0, 1)
    audit = audit_routes(network, options.rules)
    tiers = tiers_of_places(audit, options.card)
    units = _units(audit, subject)
    located = {unit: locate_shared(audit, audit.verdicts[unit]) for unit in units}
    hazards = find_hazards(audit, ((audit.verdicts[u], located[u]) for u in units), tiers)
    progress("audit", 1, 1)
    achievable = find_achievable(
        audit,
        seconds=options.search_seconds,
        progress=lambda done, whole: progress("search", done, whole),
        sites=(subject.place,),
        objective=options.objective,
        rates=options.rates,
    )
    return Case(
        subject=subject,
        units=units,
        audit=audit,
        located=located,
        hazards=hazards,
        tier=tiers[subject.place] if subject.place >= 0 else "",
        achievable=achievable,
        scores=score_sites(audit, options.card, lambda done, all_: progress("score", done, all_)),
        lang=options.lang,
    )


def _units(audit: Audit, subject: Subject) -> tuple[int, ...]:
    """Find the groups of the subject's circuits, worst first."""
    units = dict.fromkeys(int(audit.units.group_of_circuit[c]) for c in subject.circuits)
    return tuple(sorted(units, key=lambda unit: RANK[audit.verdicts[unit].level]))
