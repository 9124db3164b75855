"""Sites counted by city, county and customer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from netgraph.assessment.hazard_counts import hazards_of
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
    for standing in results.standings:
        by_key.setdefault(key(standing), []).append(standing)
    names = _customer_names(results) if table == "customers" else None
    return [
        (
            *name,
            *((names.get(name[0], ""),) if names is not None else ()),
            *_counts(results, members),
        )
        for name, members in sorted(by_key.items())
    ]


def _customer_names(results: Results) -> dict[str, str]:
    table = results.network.inventory.table("customers")
    return dict(zip(table["id"].tolist(), table["name"].tolist(), strict=True))


def _counts(results: Results, members: list[SiteStanding]) -> tuple[object, ...]:
    rules = results.options.rules
    grades = Counter(s.score.grade for s in members if s.score)
    hazards = hazards_of(results.hazards_of_places, (s.place for s in members))
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
        sum(s.level is Level.SINGLE_ROUTE for s in members),
        sum(s.is_unconfirmed for s in members),
        sum(s.level is Level.UNDECIDABLE for s in members),
        hazards["red"],
        hazards["orange"],
        hazards["yellow"],
    )
