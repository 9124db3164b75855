"""What the web page shows, as plain values; `assessment/web.py` fills it in.

Rows refer to each other by position: a circuit is a row of the table `circuits` and of its routes,
an element is numbered as in the audit (links, cables, spans, trenches, places, equipment, rooms,
buildings, then risk groups).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from netgraph.report.labels import Language
    from netgraph.topology.csr import Csr, Ints


@dataclass(frozen=True)
class PageHead:
    """What stands around everything.

    Attributes
    ----------
    name
        Of the inventory.
    lang
        Language that the page opens in; it carries both.
    snapshot_date
        ISO date of the records, "" if not recorded.
    attribution
        The inventory's notes.
    is_invented
        The notes say that the data is made up.
    score_note
        Where the points come from, by language.
    without_site
        Circuits that count at no site.
    left_out
        Rows of a table that the page does not hold, by table.
    version
        Of netgraph.
    """

    name: str
    lang: Language
    snapshot_date: str
    attribution: str
    is_invented: bool
    score_note: Mapping[Language, str]
    without_site: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, eq=False)
class PageColumn:
    """One column of a table of the page.

    Attributes
    ----------
    kind
        "text"; "word" (an id of the label group `group`); "flag" (True, False or None); "number"
        with `decimals`; "ratio"; "place", "site", "unit" or "cause" (a position, -1 for none).
    values
        One a row.
    """

    name: str
    kind: str
    values: Sequence[object]
    group: str = ""
    decimals: int = 0


@dataclass(frozen=True, eq=False)
class PageTable:
    """One table of the page, its rows in the order in which it is first shown."""

    name: str
    columns: tuple[PageColumn, ...]


@dataclass(frozen=True, eq=False)
class PagePlant:
    """Places and plant; arrays of shape (places,), (spans,), (cables,) and (links,).

    Attributes
    ----------
    place_names
        Of the offices and sites, which come first.
    place_word
        Role of an office, kind of a structure, "site" for a site.
    is_drawn
        Spans in service: the others only show where a route uses them.
    span_geometry
        Shapely lines, None for a straight one.
    legs, leg_parts
        Link to legs, and leg to parts: twice a cable, or twice a lower link plus one.
    names
        Names on the map (x, y, text, rank; 1 is the largest).
    """

    place_ids: NDArray[np.object_]
    place_names: Sequence[str]
    place_word: Sequence[str]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    span_ids: NDArray[np.object_]
    span_a: Ints
    span_b: Ints
    span_medium: Sequence[str]
    span_trench: Ints
    span_geometry: NDArray[np.object_]
    is_drawn: NDArray[np.bool_]
    cable_ids: NDArray[np.object_]
    cable_a: Ints
    cable_b: Ints
    cable_spans: Csr
    link_ids: NDArray[np.object_]
    link_a: Ints
    link_b: Ints
    is_wireless: NDArray[np.bool_]
    legs: Csr
    leg_parts: Csr
    names: Sequence[tuple[float, float, str, int]] = ()


@dataclass(frozen=True, eq=False)
class PageElements:
    """Names of everything that can fail besides links, cables, spans and places.

    `blocks` are the first numbers of the blocks, risk groups last; `suspects` marks the risk
    groups that are suspected trenches.
    """

    blocks: Mapping[str, int]
    trenches: Sequence[str]
    equipment: Sequence[str]
    rooms: Sequence[str]
    buildings: Sequence[str]
    risk_groups: Sequence[str]
    is_suspect: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PageRoutes:
    """Routes of the circuits and what the units share.

    Attributes
    ----------
    of_circuit
        Circuit to routes; `is_protect` and `links` by route.
    unit_circuits, unit_shared, unit_tolerated
        Unit to circuits, and to elements.
    """

    of_circuit: Csr
    is_protect: NDArray[np.bool_]
    links: Csr
    unit_circuits: Csr
    unit_shared: Csr
    unit_tolerated: Csr


@dataclass(frozen=True, eq=False)
class PageScores:
    """Score sheets.

    Attributes
    ----------
    items
        Id, category, wording by language and points by tier of each item of the card.
    categories
        Wording by language.
    results
        Site to one letter an item: p(ass), f(ail), u(nknown), n(ot applicable), - (not asked).
    evidence
        Site to one tuple of rows ("table:id") an item that is asked, in the order of the items;
        `evidence_more` how many further rows each has.
    """

    items: Sequence[tuple[str, str, Mapping[Language, str], Mapping[str, int]]]
    categories: Mapping[str, Mapping[Language, str]]
    results: Sequence[str]
    evidence: Sequence[Sequence[tuple[str, ...]]]
    evidence_more: Sequence[Sequence[int]]


@dataclass(frozen=True, eq=False)
class PageBest:
    """The best pair of one layer ("cables" or "spans") for every site.

    `routes` has two rows a site (cables or spans in order from the site); `shared` and
    `unavoidable` are elements, one row a site.
    """

    layer: str
    levels: Sequence[str]
    is_connected: Sequence[bool]
    is_disjoint_otherwise: Sequence[bool | None]
    total_m: NDArray[np.float64]
    routes: Csr
    shared: Csr
    unavoidable: Csr


@dataclass(frozen=True, eq=False)
class PageWorks:
    """The works of a plan, in order of priority.

    Attributes
    ----------
    table
        The table "works"; `sites` has the rows of the sites that each work serves.
    lines
        Shapely lines (degrees); `line_work` and `line_part` say whose each is, and what it builds
        (label group "work_part").
    price_level, cost_yuan
        Of all works.
    """

    table: PageTable
    sites: Csr
    lines: NDArray[np.object_]
    line_work: Ints
    line_part: Sequence[str]
    price_level: str
    cost_yuan: float


@dataclass(frozen=True, eq=False)
class PageModel:
    """Everything on the page. Tables are sites, circuits, units, hazards, causes and so on.

    `works` is there where a plan of works is shown with the assessment.
    """

    head: PageHead
    tables: tuple[PageTable, ...]
    plant: PagePlant
    elements: PageElements
    routes: PageRoutes
    scores: PageScores
    best: tuple[PageBest, ...]
    works: PageWorks | None = None
