"""Layers of the works of a plan for a GeoPackage: what is built, what is done at which site."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.report import labels
from netgraph.report.figures import modelled_basis, round_modelled
from netgraph.report.geopackage import Layer, layer_style
from netgraph.report.geopackage.layer import field_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.assessment.results import Results
    from netgraph.report.geopackage import Field
    from netgraph.report.labels import Language
    from netgraph.report.plan.model import PlannedWorks, SiteChange, Standing, Work, WorkPart
    from netgraph.topology import LayeredNetwork


def work_layers(network: LayeredNetwork, works: PlannedWorks, lang: Language) -> list[Layer]:
    """Give the layers of the works: works at sites, chosen lines.

    Parameters
    ----------
    network
        Where the sites are.

    Returns
    -------
    list of Layer
        `works`: one point a site with chosen works, what they cost and how it stands before and
        after. `new_plant`: one feature a chosen work and part, lengths in metres.
    """
    return [_works_at_sites(network, works, lang), _lines("new_plant", works.chosen, lang)]


def plan_layers(results: Results, works: PlannedWorks, lang: Language) -> list[Layer]:
    """Give the layers of a plan by itself: its works, what else was proposed, sites, plant."""
    others = [work for work in works.works if not work.is_chosen and work.parts]
    return [
        _changes(results.network, works.sites, lang),
        *work_layers(results.network, works, lang),
        _lines("alternatives", others, lang),
    ]


def _lines(name: str, works: Iterable[Work], lang: Language) -> Layer:
    pairs = [(work, part) for work in works for part in work.parts]
    found = [work for work, _ in pairs]
    parts: Sequence[WorkPart] = [part for _, part in pairs]
    shapes = np.full(len(parts), None, dtype=object)
    shapes[:] = [part.geometry for part in parts]
    first = {work.work_id: i for i, work in reversed(list(enumerate(found)))}
    fields = [
        field_of("project_id", "id", [work.work_id for work in found]),
        field_of("part", "text", [part.part for part in parts]),
        field_of("part_name", "text", [labels.label("work_part", p.part, lang) for p in parts]),
        field_of("length_m", "metres", [part.length_m for part in parts]),
        field_of("priority", "count", [work.priority for work in found]),
        field_of("kind", "text", [work.kind for work in found]),
        field_of("sites", "text", [";".join(work.sites) for work in found]),
        field_of("sites_served", "count", [len(work.sites) for work in found]),
        field_of("ring", "text", [";".join(work.ring) for work in found]),
        # Once a work: a column that adds up.
        field_of("cost_yuan", "number", [
            work.cost_yuan if first[work.work_id] == i else None for i, work in enumerate(found)
        ]),
        field_of("price_level", "text", [work.price_level for work in found]),
        field_of("cores", "count", [work.cores for work in found]),
        field_of("constraints", "text", [work.constraints for work in found]),
        field_of("survey_reasons", "text", [";".join(work.survey_reasons) for work in found]),
        *_standings([(work.before, work.after) for work in found]),
        field_of("benefit_per_10k_yuan", "number", [w.benefit_per_10k_yuan for w in found]),
    ]  # fmt: skip
    told = {
        "new_plant": "Chosen works: new plant, new cable in existing plant, re-patched cables",
        "alternatives": "New plant that was proposed and not chosen",
    }
    style = layer_style(name, lang)
    return Layer(name, told[name], fields, shapes, "MultiLineString", style)


def _standings(pairs: Sequence[tuple[Standing, Standing]]) -> list[Field]:
    marks = [
        field_of(
            f"{name}_{when}", "number" if name == "score" else "text",
            [getattr(pair[side], name) for pair in pairs],
        )
        for name in ("score", "grade", "level")
        for side, when in enumerate(("before", "after"))
    ]  # fmt: skip
    return [*marks, *_outages(pairs)]


def _outages(pairs: Sequence[tuple[Standing, Standing]]) -> list[Field]:
    """Give expected minutes and faults before and after, with the word that says modelled."""
    columns = {
        f"{shown}_{when}": [getattr(pair[side], name) for pair in pairs]
        for side, when in enumerate(("before", "after"))
        for shown, name in (
            ("outage_minutes", "outage_minutes_year"), ("faults_month", "faults_month"),
        )
    }  # fmt: skip
    return [
        *(
            field_of(name, "number", [round_modelled(value) for value in values])
            for name, values in columns.items()
        ),
        field_of("outage_basis", "text", [
            modelled_basis(*row) or "" for row in zip(*columns.values(), strict=True)
        ]),
    ]  # fmt: skip


def _works_at_sites(network: LayeredNetwork, works: PlannedWorks, lang: Language) -> Layer:
    by_site = works.of_site()
    sites = [site for site in works.sites if site.site_id in by_site]
    found = [by_site[site.site_id] for site in sites]
    kinds = [Counter(work.kind for work in each) for each in found]
    gap = "；" if lang == "zh" else "; "
    fields = [
        field_of("site_id", "id", [site.site_id for site in sites]),
        field_of("queue", "text", [_queue(each) for each in found]),
        field_of("works", "count", [len(each) for each in found]),
        field_of("first_priority", "count", [each[0].priority for each in found]),
        field_of("project_ids", "text", [";".join(w.work_id for w in each) for each in found]),
        field_of("kinds", "text", [";".join(kind for kind in each) for each in kinds]),
        field_of("what", "text", [
            gap.join(labels.label("upgrade_kind", kind, lang) for kind in each) for each in kinds
        ]),
        field_of("cost_own_yuan", "number", [
            sum(work.cost_yuan or 0.0 for work in each if len(work.sites) == 1) for each in found
        ]),
        field_of("cost_shared_yuan", "number", [
            sum(work.cost_yuan or 0.0 for work in each if len(work.sites) > 1) for each in found
        ]),
        *_standings([(site.before, site.after) for site in sites]),
    ]  # fmt: skip
    return Layer(
        "works", "Chosen works, at the sites that they serve", fields, _points(network, sites),
        "Point", layer_style("works", lang),
    )  # fmt: skip


def _queue(works: Sequence[Work]) -> str:
    """Say which queue the works of a site belong to: line, equipment or both."""
    lines = {work.is_line_work for work in works}
    return "both" if len(lines) > 1 else "line" if True in lines else "equipment"


def _changes(network: LayeredNetwork, sites: Sequence[SiteChange], lang: Language) -> Layer:
    fields = [
        field_of("site_id", "id", [site.site_id for site in sites]),
        field_of("tier", "text", [site.tier for site in sites]),
        *_standings([(site.before, site.after) for site in sites]),
        field_of("project_ids", "text", [";".join(site.works) for site in sites]),
        field_of("why_not", "text", [site.why_not for site in sites]),
        field_of("why_not_name", "text", [
            labels.label("upgrade_why_not", site.why_not, lang) if site.why_not else ""
            for site in sites
        ]),
    ]  # fmt: skip
    return Layer(
        "sites", "Sites before and after: coloured by the grade that they reach", fields,
        _points(network, sites), "Point", layer_style("sites_after", lang),
    )  # fmt: skip


def _points(network: LayeredNetwork, sites: Sequence[SiteChange]) -> np.ndarray:
    places = network.places
    at = places.index.positions(np.array([site.site_id for site in sites], dtype=object))
    x, y = places.lon[at], places.lat[at]
    known = (at >= 0) & np.isfinite(x) & np.isfinite(y)
    shapes = np.full(len(sites), None, dtype=object)
    shapes[known] = shapely.points(x[known], y[known])
    return shapes
