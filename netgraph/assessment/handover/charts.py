"""Gather and draw the charts of an assessment."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from netgraph.assessment.handover.naming import Naming
from netgraph.assessment.handover.pdf_tables import points_lost
from netgraph.assessment.summary import causes_by_sites, count_cause
from netgraph.report.charts import (
    Profile,
    RankedSite,
    UnitRatio,
    draw_causes,
    draw_comparison,
    draw_grades,
    draw_item_ranking,
    draw_shortfalls,
    draw_three_grid,
    split_three,
)
from netgraph.report.charts.frame import write_chart
from netgraph.report.charts.model import FEWEST_SITES
from netgraph.scoring.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from netgraph.assessment.standing import SiteStanding
    from netgraph.assessment.value import Assessment
    from netgraph.report.labels import Language

#: The item that is ranked unit by unit: does the access fibre have two physical routes?
RANKED_ITEM = "LN1"
_FEWEST_UNITS = 2  # one bar by itself compares nothing
_MOST_CAUSES = 15


def chart_makers(assessment: Assessment) -> dict[str, Callable[[Axes | Figure | None], Axes]]:
    """Return the charts that this assessment has data for, by name.

    Returns
    -------
    dict
        Name (grades_by_city, grades_by_tier, causes, items, three_grid, item_ranking, comparison,
        and these two again with _by_customer) to a function that takes Axes, an empty Figure or
        None, and returns the Axes drawn on.
    """
    return dict(_makers(assessment))


def write_charts(assessment: Assessment, folder: Path) -> tuple[str, ...]:
    """Write every chart as PNG into a folder that exists; return their names."""
    makers = chart_makers(assessment)
    for name, make in makers.items():
        write_chart(make(Figure()), folder / f"{name}.png")
    return tuple(makers)


def _makers(
    assessment: Assessment,
) -> Iterator[tuple[str, Callable[[Axes | Figure | None], Axes]]]:
    lang: Language = "zh" if assessment.options.lang == "zh" else "en"
    summary, standings = assessment.summary, assessment.standings
    if summary.by_city:
        yield "grades_by_city", lambda ax: draw_grades(summary.by_city, ax, lang=lang)
    if summary.by_tier:
        units = summary.by_tier
        yield "grades_by_tier", lambda ax: draw_grades(units, ax, group="by_tier", lang=lang)
    causes = causes_by_sites(assessment)
    if causes:
        in_all = sum(cause.sites for cause in causes)
        counted = [count_cause(assessment, cause) for cause in causes[:_MOST_CAUSES]]
        yield "causes", lambda ax: draw_causes(counted, ax, in_all=in_all, lang=lang)
    lost = points_lost(assessment)
    if lost.total():
        marks = {_wording(assessment, item): float(points) for item, points in lost.items()}
        yield "items", lambda ax: draw_shortfalls(marks, ax, lang=lang)
    grid = split_three(_ranked(standings))
    if grid is not None:
        yield "three_grid", lambda ax: draw_three_grid(grid, ax, lang=lang)
    naming = Naming(assessment)
    customers = _with_enough_sites(standings)
    cities = [(standing.city, standing) for standing in standings]
    yield from _makers_by_unit(assessment, "city", cities)
    yield from _makers_by_unit(
        assessment, "customer", [(naming.customer(s.customer_id), s) for s in customers]
    )


def _makers_by_unit(
    assessment: Assessment, unit: str, members: Sequence[tuple[str, SiteStanding]]
) -> Iterator[tuple[str, Callable[[Axes | Figure | None], Axes]]]:
    """One item unit by unit, and the weakest unit beside the average; nothing of a single unit."""
    lang: Language = "zh" if assessment.options.lang == "zh" else "en"
    suffix = "" if unit == "city" else f"_by_{unit}"
    ratios, wording = _item_ratios(members), _wording(assessment, RANKED_ITEM)
    if len(ratios) >= _FEWEST_UNITS:
        yield (
            f"item_ranking{suffix}",
            lambda ax: draw_item_ranking(ratios, wording, ax, unit=unit, lang=lang),
        )
    everybody = [("", standing) for standing in assessment.standings]
    average, found = (
        _profiles(assessment, everybody, lang)[0],
        _profiles(assessment, members, lang)[1:],
    )
    if len(found) >= _FEWEST_UNITS:
        weakest, *others = found
        yield (
            f"comparison{suffix}",
            lambda ax: draw_comparison(weakest, average, others, ax, unit_kind=unit, lang=lang),
        )


def _with_enough_sites(standings: Sequence[SiteStanding]) -> list[SiteStanding]:
    """Sites of the customers that have enough of them; of all where fewer than two have."""
    sites = Counter(standing.customer_id for standing in standings if standing.score)
    large = {customer for customer, count in sites.items() if count >= FEWEST_SITES}
    if len(large) < _FEWEST_UNITS:
        return list(standings)
    return [standing for standing in standings if standing.customer_id in large]


def _ranked(standings: Iterable[SiteStanding]) -> Iterator[RankedSite]:
    for standing in standings:
        score = standing.score
        if score is not None and score.applicable:
            yield RankedSite(standing.site_id, score.raw, score.applicable, score.grade)


def _wording(assessment: Assessment, item_id: str) -> str:
    zh = assessment.options.lang == "zh"
    items = {item.id: item for item in assessment.scores.card.items}
    item = items.get(item_id)
    return "" if item is None else f"{item.id} {item.zh if zh else item.en}"


def _item_ratios(members: Iterable[tuple[str, SiteStanding]]) -> list[UnitRatio]:
    """Find the share of sites that pass the ranked item, by unit; unknown does not pass."""
    asked: dict[str, list[bool]] = defaultdict(list)
    for unit, standing in members:
        result = standing.score.items.get(RANKED_ITEM) if standing.score else None
        if result is not None and result.result is not Result.NOT_APPLICABLE:
            asked[unit].append(result.result is Result.PASS)
    return [
        UnitRatio(unit, sum(passed) / len(passed), len(passed)) for unit, passed in asked.items()
    ]


def _profiles(
    assessment: Assessment, members: Iterable[tuple[str, SiteStanding]], lang: Language
) -> list[Profile]:
    """Share of marks by category: of all sites, then of each unit, the weakest first."""
    card = assessment.scores.card
    names = {key: words[0 if lang == "zh" else 1] for key, words in card.categories.items()}
    marks: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    items = {item.id: item for item in card.items}
    for own, standing in members:
        score = standing.score
        for item, result in score.items.items() if score else ():
            if result.result is not Result.NOT_APPLICABLE and score:
                worth = items[item].points.get(score.tier, 0)
                for unit in ("", own or "—"):
                    counts = marks[unit][names[items[item].category]]
                    counts[0] += worth * (result.result is Result.PASS)
                    counts[1] += worth
    profiles = {
        unit: Profile(unit, {name: got / of for name, (got, of) in by.items() if of})
        for unit, by in marks.items()
    }
    average = profiles.pop("", Profile("", {}))
    whole = {unit: sum(got for got, _ in marks[unit].values()) for unit in profiles}
    full = {unit: sum(of for _, of in marks[unit].values()) for unit in profiles}
    order = sorted(profiles, key=lambda unit: (whole[unit] / max(1, full[unit]), unit))
    return [average, *(profiles[unit] for unit in order)]
