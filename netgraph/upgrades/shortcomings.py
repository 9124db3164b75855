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
    #: Row to item to sites, as they come.
    _Found = dict[str, dict[str, list[str]]]


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


#: Tables whose rows works on equipment, power and records put right.
CURABLE = ("circuits", "equipment", "links", "offices", "records", "rooms", "sites")


def find_shortcomings(
    audit: Audit, scores: Scores, places: Collection[int], tables: Collection[str] = ()
) -> Shortcomings:
    """Gather what the failed items of some sites (place numbers) rest on.

    Unknown items are left out: what is not recorded asks for a look, not for works.

    Parameters
    ----------
    tables
        Tables of the rows that are asked for; all where none is named. Most rows by far are the
        spans, cables and structures that the routes of a site share.
    """
    wanted = tuple(f"{table}:" for table in tables) or ("",)
    ids = audit.network.places.ids
    found: _Found = {}
    for place in sorted(places):
        score, name = scores.by_place.get(place), str(ids[place])
        for item, result in score.items.items() if score else ():
            if result.result is Result.FAIL:
                for row in result.evidence:
                    if not row.startswith(wanted):
                        continue
                    sites = found.setdefault(row, {}).setdefault(item, [])
                    if not sites or sites[-1] != name:
                        sites.append(name)
    return _sorted(found)


def join_shortcomings(parts: Iterable[Shortcomings]) -> Shortcomings:
    """Put together what fails on the recorded routes, and on routes that works would make."""
    found: _Found = {}
    for part in parts:
        for row, failed in part.items.items():
            for item, sites in failed.items():
                found.setdefault(row, {}).setdefault(item, []).extend(sites)
    return _sorted(found)


def _sorted(found: _Found) -> Shortcomings:
    return Shortcomings(
        {
            row: {item: _names(sites) for item, sites in sorted(failed.items())}
            for row, failed in sorted(found.items())
        }
    )


def _names(sites: list[str]) -> _Names:
    """Sort names, each once; sets of them all would take several times the memory."""
    sites.sort()
    names = dict.fromkeys(sites)
    return tuple(sites) if len(names) == len(sites) else tuple(names)
