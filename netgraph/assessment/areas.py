"""Sites counted by city, county and customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import PASSING, SEVERITY_RANK, Level
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding
    from netgraph.topology.csr import Ints

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
    keys = list(map(_KEYS[table], results.standings))
    order = sorted(set(keys))
    number = {key: at for at, key in enumerate(order)}
    sums = np.zeros((len(order), len(_COUNTED) + len(_HAZARDS)), dtype=np.int64)
    np.add.at(sums, [number[key] for key in keys], results.site_counts)
    names = _customer_names(results) if table == "customers" else None
    return [
        (
            *name,
            *((names.get(name[0], ""),) if names is not None else ()),
            *_figures(dict(zip((*_COUNTED, *_HAZARDS), counted, strict=True))),
        )
        for name, counted in zip(order, sums.tolist(), strict=True)
    ]


def _customer_names(results: Results) -> dict[str, str]:
    table = results.network.inventory.table("customers")
    return dict(zip(table["id"].tolist(), table["name"].tolist(), strict=True))


_GRADES = ("excellent", "good", "fair", "poor")
_COUNTED = (
    "sites", "circuits", *_GRADES, "provisional", "claimed", "passing", "required", "proven",
    "single", "unconfirmed", "undecidable",
)  # fmt: skip
_HAZARDS = tuple(severity.value for severity in SEVERITY_RANK)


def count_sites(results: Results) -> Ints:
    """Tell what each site counts as, in the order of the standings; shape (sites, counts)."""
    rules, standings = results.options.rules, results.standings
    asks = {tier: rules.requires_diversity(tier) for tier in {site.tier for site in standings}}
    counted = [_counted(site, is_asked=asks[site.tier]) for site in standings]
    counts = np.array(counted, dtype=np.int64).reshape(len(standings), len(_COUNTED))
    hazards = results.hazards_of_places[[site.place for site in standings]]
    return np.concatenate([counts, hazards.reshape(len(standings), len(_HAZARDS))], axis=1)


def _counted(site: SiteStanding, *, is_asked: bool) -> tuple[int, ...]:
    """Give what a site adds to each of `_COUNTED`."""
    score, level = site.score, site.level
    is_required = is_asked and bool(site.circuits)
    return (
        1, len(site.circuits), *_graded(score.grade if score else ""),
        bool(score and score.is_provisional), site.claimed_route in {"dual", "ring"},
        level in PASSING, is_required, is_required and level in PASSING,
        level is Level.SINGLE_ROUTE, site.is_unconfirmed, level is Level.UNDECIDABLE,
    )  # fmt: skip


def _graded(grade: str) -> tuple[int, ...]:
    return _ONE_OF_GRADE.get(grade, _ONE_OF_GRADE[""])


_ONE_OF_GRADE = {
    grade: tuple(int(grade == each) for each in _GRADES) for grade in ("", *_GRADES)
}  # fmt: skip


def _figures(counts: dict[str, int]) -> tuple[object, ...]:
    """Columns of the tables, after the names."""
    required = counts["required"]
    return (
        *(counts[name] for name in ("sites", "circuits", *_GRADES)),
        counts["provisional"], counts["claimed"], counts["passing"],
        counts["proven"] / required if required else None,
        *(counts[name] for name in ("single", "unconfirmed", "undecidable")),
        *(counts[name] for name in ("red", "orange", "yellow")),
    )  # fmt: skip
