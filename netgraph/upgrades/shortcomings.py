"""What keeps sites from passing items: the failing rows, the items that they fail, for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.scoring.results import Result

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from netgraph.diversity.audit.run import Audit
    from netgraph.scoring import Scores

    _Names = tuple[str, ...]


@dataclass(frozen=True)
class Shortcomings:
    """Rows that fail items.

    Attributes
    ----------
    items
        Row ("table:id") to item to the sites that fail the item because of that row, sorted.
    """

    items: Mapping[str, Mapping[str, tuple[str, ...]]]

    def of(
        self, table: str, *wanted: str
    ) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """Rows of a table that fail any of some items: (row id, those items, their sites)."""
        for row, failed in self.items.items():
            name, _, row_id = row.partition(":")
            hit = tuple(item for item in wanted if item in failed)
            if name == table and hit:
                sites = sorted({site for item in hit for site in failed[item]})
                yield row_id, hit, tuple(sites)


def find_shortcomings(audit: Audit, scores: Scores, places: Collection[int]) -> Shortcomings:
    """Gather what the failed items of some sites (place numbers) rest on.

    Unknown items are left out: what is not recorded asks for a look, not for works.
    """
    ids = audit.network.places.ids
    found: dict[str, dict[str, set[str]]] = {}
    for place in sorted(places):
        score = scores.by_place.get(place)
        for item, result in score.items.items() if score else ():
            if result.result is Result.FAIL:
                for row in result.evidence:
                    found.setdefault(row, {}).setdefault(item, set()).add(str(ids[place]))
    return _sorted(found)


def join_shortcomings(parts: Iterable[Shortcomings]) -> Shortcomings:
    """Put together what fails on the recorded routes, and on routes that works would make."""
    found: dict[str, dict[str, set[str]]] = {}
    for part in parts:
        for row, failed in part.items.items():
            for item, sites in failed.items():
                found.setdefault(row, {}).setdefault(item, set()).update(sites)
    return _sorted(found)


def _sorted(found: Mapping[str, Mapping[str, set[str]]]) -> Shortcomings:
    return Shortcomings(
        {
            row: {item: tuple(sorted(sites)) for item, sites in sorted(failed.items())}
            for row, failed in sorted(found.items())
        }
    )
