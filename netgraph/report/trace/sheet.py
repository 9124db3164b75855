"""The sheet of one circuit or site as plain values: two swimlanes from A to B, and what they mean.

Everything here is ids, names, numbers and words of :mod:`netgraph.report.labels`; how it looks is
the matter of the modules `trace_console` and `trace_html`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netgraph.report.maps.drawings import SiteDrawing
from netgraph.report.trace.html import trace_fragment, trace_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.report.labels import Language


@dataclass(frozen=True)
class Named:
    """A thing with its kind (a word of the group "element"), id and name."""

    kind: str
    id: str
    name: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a lane: a place, a stretch of one cable, or a gap in the records.

    Attributes
    ----------
    kind
        place, run or gap.
    mark
        "" for what this route has alone; shared; circuit (shared by the routes of one circuit,
        but its group has another way); tolerated; missing; mixed for a cell that stands for many,
        some of which are shared.
    share
        Kind of what is shared: link, cable, trench, structure, risk_group, equipment or office.
    number
        Number of the hazard that it belongs to, 0 for none.
    keys
        Equal numbers in two lanes are one and the same thing.
    from_m, to_m
        Metres from A along the route; `is_measured` if every length up to there is recorded.
    at_a_m
        Metres of the spans that lie in the building at A, which do not count along the route.
    section, links, carriers, cables, spans, media
        What runs there; several links only in a cell that stands for many.
    leg
        2 for the second leg of a link with two; its metres do not count along the route.
    start, end
        Places at its ends; of a place, the place itself.
    via
        Names of the places passed inside a cell that stands for many.
    names
        Ids of what is shared, or of the devices at a place.
    record
        The record that is missing.
    """

    kind: str
    start: Named
    end: Named
    mark: str = ""
    share: str = ""
    number: int = 0
    keys: frozenset[int] = frozenset()
    from_m: float = 0.0
    to_m: float = 0.0
    at_a_m: float = 0.0
    is_measured: bool = True
    section: str = ""
    links: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    cables: tuple[str, ...] = ()
    spans: int = 0
    media: tuple[str, ...] = ()
    leg: int = 1
    via: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    record: str = ""


@dataclass(frozen=True)
class Lane:
    """One route from A to B (or through one segment).

    Attributes
    ----------
    routes
        (circuit id, role) of every route that runs exactly like this.
    problem
        Why the route cannot be relied on; "" if it is known from end to end.
    is_derived
        The route is not recorded but follows from its ring systems.
    """

    routes: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]
    length_m: float
    is_measured: bool = True
    problem: str = ""
    is_derived: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether nothing at all is recorded of where the route runs."""
        return all(cell.kind != "run" for cell in self.cells) and self.length_m <= 0


@dataclass(frozen=True)
class Panel:
    """Two lanes side by side; `right` is None where there is no second route.

    `segment` counts from 1 where a circuit is protected segment by segment, else it is 0.
    """

    left: Lane
    right: Lane | None = None
    segment: int = 0


@dataclass(frozen=True)
class SectionNote:
    """Verdict on one section of a unit."""

    section: str
    level: str
    plant_diverse: bool | None
    logical_diverse: bool | None


@dataclass(frozen=True)
class HazardNote:
    """One hazard; `number` is that of the cells, 0 for a finding about the whole route."""

    number: int
    hazard_id: str
    severity: str
    kind: str
    place: str
    names: tuple[str, ...]
    length_m: float
    at_m: float
    section: str


@dataclass(frozen=True)
class CircuitNote:
    """One circuit and its own verdict, beside that of its group."""

    circuit_id: str
    level: str
    protection: str
    b_end: Named


@dataclass(frozen=True)
class UnitTrace:
    """What is judged together: a circuit, or circuits that back each other up.

    `level`, `severity`, `confidence` and the booleans are those of the audit; `reason` is one
    sentence in the language of the sheet.
    """

    name: str
    circuits: tuple[CircuitNote, ...]
    level: str
    severity: str
    is_complete: bool
    logical_diverse: bool | None
    plant_diverse: bool | None
    physical_diverse: bool | None
    confidence: str
    reason: str
    is_unconfirmed: bool = False
    is_derived: bool = False
    missing: tuple[str, ...] = ()
    sections: tuple[SectionNote, ...] = ()
    hazards: tuple[HazardNote, ...] = ()
    panels: tuple[Panel, ...] = ()


@dataclass(frozen=True)
class Unavoidable:
    """A single point of failure, and where the best pair meets it (metres from A, or None).

    `within` is the cable that it lies in, which is a single point itself.
    """

    what: Named
    at_m: float | None
    within: str = ""


@dataclass(frozen=True)
class BestRoute:
    """One route of the best pair: its cables or spans in order, and the places it passes.

    `new_m` are the metres that no recorded route of the site uses today.
    """

    items: tuple[str, ...]
    via: tuple[str, ...]
    length_m: float
    new_m: float


@dataclass(frozen=True)
class AskedBy:
    """Who asks for routes: a circuit (`group` is ""), or the circuits of a group together."""

    group: str
    circuits: tuple[str, ...]


@dataclass(frozen=True)
class Alternative:
    """What today's plant could give on one layer ("cables": re-patch, "spans": a new cable).

    `ends` are the B ends that the routes were asked for: none if none is known. `asked_by` says
    who asked, where that is not one circuit alone; `today` is the worst level of their recorded
    routes. `is_shortest` is false where a pair that shares as little might be shorter. `shared_m`
    are the metres of the first route's spans that the second shares.
    """

    layer: str
    ends: tuple[Named, ...]
    asked_by: tuple[AskedBy, ...]
    today: str
    level: str
    is_connected: bool
    is_shortest: bool
    disjoint_otherwise: bool | None
    routes: tuple[BestRoute, ...]
    shared: tuple[Named, ...]
    shared_m: float
    unavoidable: tuple[Unavoidable, ...]


@dataclass(frozen=True)
class OtherAnswer:
    """What else the circuits of a site ask for, besides what is shown, and both levels."""

    ends: tuple[Named, ...]
    asked_by: tuple[AskedBy, ...]
    on_cables: str
    on_spans: str


@dataclass(frozen=True)
class CertificateNote:
    """What one verdict rests on, in short; all of it is in the certificates of an assessment.

    Attributes
    ----------
    question, kind, subject, verdict
        As in a certificate: recorded, cables or spans; pair, single_route, missing,
        separating_risk, proven_by_search or unproven; what it is about (the risk of a separating
        risk), and what the run says of it.
    steps
        Pieces of each of its routes: links, or the cables or spans of a searched one.
    shared, missing
        What its routes are said to share, and records that are missing.
    ends
        Ids of the B ends that a search asked for.
    """

    question: str
    kind: str
    subject: str
    verdict: str
    steps: tuple[int, ...] = ()
    shared: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemNote:
    """An item that fails or is unknown: its words, the points lost, and the rows it rests on."""

    item_id: str
    words: str
    result: str
    points: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class ScoreNote:
    """Score of the site, and why it is not full."""

    score: float | None
    full_marks: int
    grade: str
    score_best: float | None
    grade_best: str
    is_provisional: bool
    known_points: int
    applicable: int
    items: tuple[ItemNote, ...]
    note: str


@dataclass(frozen=True)
class Standing:
    """The site beside its tier's requirement and the customer's ledger."""

    tier: str
    level: str
    severity: str
    is_complete: bool
    required: str
    meets_requirement: bool | None
    claimed_route: str
    claim_agrees: bool | None


@dataclass(frozen=True)
class Trace:
    """The sheet of one circuit or one site.

    Attributes
    ----------
    subject, table
        The id that was asked for, and its table: circuits or sites.
    site, customer, centres
        A end, customer and B ends.
    standing
        Of the site (of the circuit's group, where the subject is a circuit).
    units
        Worst first; the subject's own circuit before its equals.
    alternatives
        On cables, then on spans; empty where the A end is unknown. Of a circuit, what it asks for
        (all of its group together, if that is judged together); of a site with circuits to several
        ends, the worst on each layer.
    other_answers
        What else the circuits of a site ask for.
    certificates
        The recorded routes first, then by layer the separating risks and the site.
    score
        None where the A end is no site that is scored.
    drawing
        The map of the site with its routes.
    lang
        Language of the sentences in it.
    """

    subject: str
    table: str
    site: Named
    customer: Named
    centres: tuple[Named, ...]
    standing: Standing
    units: tuple[UnitTrace, ...]
    alternatives: tuple[Alternative, ...] = ()
    other_answers: tuple[OtherAnswer, ...] = ()
    certificates: tuple[CertificateNote, ...] = ()
    score: ScoreNote | None = None
    inventory: str = ""
    snapshot_date: str = ""
    attribution: str = ""
    lang: Language = "en"
    drawing: SiteDrawing = field(default_factory=SiteDrawing, repr=False, compare=False)
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)

    def to_html(self, image: bytes = b"") -> str:
        """Return the sheet as one HTML page that needs nothing else; `image` is the map (PNG)."""
        return trace_page(self, image)

    def _repr_html_(self) -> str:
        return trace_fragment(self)
