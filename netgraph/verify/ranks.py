"""Ranks of sites, as far as verdicts and rows tell them.

The worst stands first: by severity, then by tier, importance and number of circuits. Among sites
that agree in these, expected outages decide, which are not derived again: there a rank may be any
of those that its like have together.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netgraph.verify.rows import Row
    from netgraph.verify.scores import Cells

#: Levels of each severity from red to blue, where the tier requires a level.
_SEVERITIES = (
    {"single_route", "same_link", "same_cable"}, {"same_trench"},
    {"same_structure", "same_risk_group"}, {"undecidable"},
)  # fmt: skip
_TIERS = ("diamond", "gold", "silver", "standard")
_IMPORTANCE = ("province", "city", "county", "branch")


def ranks_of(rows: Mapping[str, Row], sites: Mapping[str, Cells]) -> dict[str, range]:
    """Give the ranks that each site may have."""
    key_of = {id_: _standing(rows[id_], cells) for id_, cells in sites.items()}
    numbers, found, first = Counter(key_of.values()), dict[tuple[int, ...], range](), 1
    for key in sorted(numbers):
        found[key] = range(first, first + numbers[key])
        first += numbers[key]
    return {id_: found[key] for id_, key in key_of.items()}


def _standing(row: Row, cells: Cells) -> tuple[int, ...]:
    level, circuits = cells["recorded_level"], int(str(cells["circuits"]))
    is_asked = cells["required_level"] != ""
    severity = next((n for n, of in enumerate(_SEVERITIES) if level in of and is_asked), 4)
    return (
        severity if circuits else 5,
        _place_in(_TIERS, cells["tier"]),
        _place_in(_IMPORTANCE, row["importance"]),
        -circuits,
    )


def _place_in(order: tuple[str, ...], value: object) -> int:
    return order.index(str(value)) if value in order else len(order)


def find_repeated(table: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Name the sites that have the rank of one before them."""
    seen = set[str]()
    for row in table:
        rank = row.get("rank", "")
        if rank in seen:
            yield row.get("site_id", "")
        seen.add(rank)
