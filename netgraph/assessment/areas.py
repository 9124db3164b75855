"""Sites counted by city, county and customer."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from netgraph.diversity.levels import PASSING, Level
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding

    Key = tuple[str, ...]

_KEYS: dict[str, Callable[[SiteStanding], Key]] = {
    "cities": lambda s: (s.city,),
    "counties": lambda s: (s.city, s.county),
    "customers": lambda s: (s.customer_id,),
}


def area_rows(results: Results, table: str) -> list[tuple[object, ...]]:
    """Rows of cities, counties or customers."""
    if table not in _KEYS:
        message = Message("There is no table {0!r}.", table)
        raise UsageError(message)
    key = _KEYS[table]
    by_key: dict[Key, list[SiteStanding]] = {}
    site_key: dict[int, Key] = {}
    for standing in results.standings:
        by_key.setdefault(key(standing), []).append(standing)
        site_key[standing.place] = key(standing)
    hazards: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for hazard in results.hazards_found:
        if hazard.site in site_key:
            hazards[site_key[hazard.site]][hazard.severity] += 1
    names = _customer_names(results) if table == "customers" else None
    return [
        (
            *name,
            *((names.get(name[0], ""),) if names is not None else ()),
            *_counts(results, members, hazards[name]),
        )
        for name, members in sorted(by_key.items())
    ]


def _customer_names(results: Results) -> dict[str, str]:
    table = results.network.inventory.table("customers")
    return dict(zip(table["id"].tolist(), table["name"].tolist(), strict=True))


def _counts(
    results: Results, members: list[SiteStanding], hazards: Counter[str]
) -> tuple[object, ...]:
    rules = results.options.rules
    grades = Counter(s.score.grade for s in members if s.score)
    levels = Counter(s.level for s in members)
    required = [s for s in members if s.circuits and rules.requires_diversity(s.tier)]
    proven = sum(s.level in PASSING for s in required)
    return (
        len(members),
        sum(len(s.circuits) for s in members),
        *(grades.get(grade, 0) for grade in ("excellent", "good", "fair", "poor")),
        sum(bool(s.score and s.score.is_provisional) for s in members),
        sum(s.claimed_route in {"dual", "ring"} for s in members),
        sum(s.level in PASSING for s in members),
        proven / len(required) if required else None,
        levels[Level.SINGLE_ROUTE],
        sum(s.is_unconfirmed for s in members),
        levels[Level.UNDECIDABLE],
        hazards["red"],
        hazards["orange"],
        hazards["yellow"],
    )
