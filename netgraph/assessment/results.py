"""What an assessment found, as plain values; how it shows itself is another module's matter."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from netgraph.assessment import unit_columns
from netgraph.assessment.areas import count_sites
from netgraph.assessment.hazard_counts import hazards_of_places
from netgraph.assessment.measures.ring_areas import areas_of_places
from netgraph.assessment.measures.ring_findings import find_ring_findings
from netgraph.assessment.standing import SiteStanding, site_standings
from netgraph.diversity.rings import audit_rings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Self

    from netgraph.assessment.measures.ring_areas import PlaceAreas
    from netgraph.assessment.measures.ring_findings import RingFinding
    from netgraph.assessment.options import Options
    from netgraph.diversity.achievable.find import Achievable
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability import Availability
    from netgraph.diversity.hazards import Cause, Hazard
    from netgraph.diversity.rings import RingAudit
    from netgraph.diversity.sharing.runs import LocatedUnits
    from netgraph.inventory import Finding
    from netgraph.inventory.hazard_areas import HazardAreas
    from netgraph.report.cells import Cells
    from netgraph.scoring import Scores
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

#: What is kept once found and does not hang on the searches.
_WITHOUT_SEARCH = (
    "rings_found", "ring_findings_found", "area_of_place", "hazards_of_places", "circuit_columns",
    "standings", "known_site_columns", "site_counts",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Results:
    """Verdicts, hazards, scores and findings of one inventory.

    Attributes
    ----------
    audit, located
        One verdict a unit (circuits, then groups), and where each shares what.
    tiers
        Tier of each place.
    hazards_found, causes_found
        Worst first; `hazards` and `causes` give them as tables.
    availability_found
        Expected outages of circuits, groups and sites; `availability` gives them as a table.
    achievable
        What today's plant could give, by place number.
    scores
        By place number.
    findings
        What is wrong with the data.
    areas
        Layers of hazard areas that were laid over the inventory.
    seconds
        Wall seconds by stage; those of the search are what was waited for it in the end: it runs
        beside the stages that do not need it.
    """

    options: Options
    audit: Audit
    located: LocatedUnits
    tiers: tuple[str, ...]
    hazards_found: Sequence[Hazard] = field(repr=False)
    causes_found: tuple[Cause, ...] = field(repr=False)
    availability_found: Availability = field(repr=False)
    achievable: Achievable = field(repr=False)
    scores: Scores = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    seconds: Mapping[str, float]
    areas: tuple[HazardAreas, ...] = field(default=(), repr=False)

    def with_search(self, achievable: Achievable, findings: Iterable[Finding]) -> Self:
        """Return the same results with what was searched for, and what was found out on the way."""
        every = tuple(sorted({*self.findings, *findings}))
        result = replace(self, achievable=achievable, findings=every)
        kept = vars(self)
        vars(result).update({name: kept[name] for name in _WITHOUT_SEARCH if name in kept})
        return result

    @property
    def network(self) -> LayeredNetwork:
        """The layered network that was judged."""
        return self.audit.network

    @cached_property
    def rings_found(self) -> RingAudit:
        """Rings of the spans, cables and links; found when first asked for."""
        return audit_rings(self.audit)

    @cached_property
    def ring_findings_found(self) -> tuple[RingFinding, ...]:
        """What is wrong with the rings, worst first."""
        return find_ring_findings(
            self.network, self.rings_found, self.area_of_place, self.options.rules,
            self.options.lang,
        )  # fmt: skip

    @cached_property
    def area_of_place(self) -> PlaceAreas:
        """City and county by place number, empty where none is recorded or near."""
        return areas_of_places(self.network)

    @cached_property
    def hazards_of_places(self) -> Ints:
        """Hazards by place of the site and severity; shape (places, severities), worst first."""
        return hazards_of_places(self.hazards_found, len(self.network.places))

    @cached_property
    def site_counts(self) -> Ints:
        """What each site counts as, in the order of the standings; shape (sites, counts)."""
        return count_sites(self)

    @cached_property
    def site_columns(self) -> list[Cells]:
        """Columns of the table of sites; kept, since nearly every file that is handed over asks."""
        searched = unit_columns.searched_site_columns(self)
        return unit_columns.site_columns(self.known_site_columns, searched)

    @cached_property
    def known_site_columns(self) -> list[Cells | None]:
        """The same, with None for each column that hangs on the searches."""
        return unit_columns.known_site_columns(self)

    @cached_property
    def circuit_columns(self) -> list[Cells]:
        """Columns of the table of circuits; kept like those of the sites."""
        return unit_columns.circuit_columns(self)

    @cached_property
    def standings(self) -> list[SiteStanding]:
        """Where each site in service stands, worst first."""
        return site_standings(self)
