"""Scores as columns, and what they say of a site when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.scoring.results import PASS, RESULTS, UNKNOWN, ItemResult, Result
from netgraph.topology.csr import gather, one_below_the_other, stable_order

if TYPE_CHECKING:
    from netgraph.inventory import Finding
    from netgraph.scoring.results import Judged
    from netgraph.scoring.row_names import RowNames
    from netgraph.scoring.scorecard import Scorecard
    from netgraph.topology.csr import Ints


@dataclass(frozen=True, eq=False)
class JudgedItem:
    """One item for the sites whose tier includes it.

    Attributes
    ----------
    item_id
        The item.
    sites
        Numbers of these sites, ascending; shape (n,).
    judged
        Their results.
    marks
        What it is worth to each of them; shape (n,).
    """

    item_id: str
    sites: Ints
    judged: Judged
    marks: Ints


@dataclass(frozen=True, eq=False)
class ScoredItems:
    """The results of all items: of each site those that its tier includes, in the card's order.

    Attributes
    ----------
    places
        Places of the sites, in the order of their numbers; shape (sites,).
    items
        In the order of the card.
    names
        What the rows of the evidence are called.
    """

    places: Ints
    items: tuple[JudgedItem, ...]
    names: RowNames = field(repr=False)

    @cached_property
    def by_id(self) -> dict[str, JudgedItem]:
        """The items by their ids."""
        return {item.item_id: item for item in self.items}

    def sums(self) -> Ints:
        """Add up the marks of each site by result; shape (results, sites)."""
        sums = np.zeros((len(RESULTS), len(self.places)), dtype=np.int64)
        for item in self.items:
            sums[item.judged.result, item.sites] += item.marks
        return sums

    def counts(self, result: int) -> Ints:
        """How many items of each site have a result; shape (sites,)."""
        counts = np.zeros(len(self.places), dtype=np.int64)
        for item in self.items:
            counts[item.sites] += item.judged.result == result
        return counts

    def columns(self) -> ItemColumns:
        """Give all results, site by site; none where no site is scored."""
        if not self.items:
            none = np.empty(0, dtype=np.int64)
            return ItemColumns(none, none, none, none, none, none, [])
        site = np.concatenate([item.sites for item in self.items])
        order = stable_order(site)
        result = np.concatenate([item.judged.result for item in self.items])
        marks = np.concatenate([item.marks for item in self.items])
        number = np.repeat(np.arange(len(self.items)), [len(item.sites) for item in self.items])
        evidence, texts = self._joined()
        return ItemColumns(
            site[order], number[order], result[order], np.where(result == PASS, marks, 0)[order],
            marks[order], evidence[order], texts,
        )  # fmt: skip

    def _joined(self) -> tuple[Ints, list[str]]:
        """Evidence of each result in one line, as its position among some texts.

        Most rest on one row, and many results on the same.
        """
        table = one_below_the_other([item.judged.evidence for item in self.items])
        is_one = table.counts == 1
        rows, found = np.unique(table.indices[table.indptr[:-1][is_one]], return_inverse=True)
        texts = self.names.texts(rows)
        position = np.empty(len(table), dtype=np.int64)
        position[is_one] = found
        others = np.flatnonzero(~is_one)
        position[others] = len(texts) + np.arange(len(others))
        several, owner = gather(table, others)
        names = self.names.texts(several)
        bounds = np.searchsorted(owner, np.arange(len(others) + 1)).tolist()
        texts += [";".join(dict.fromkeys(names[low:high])) for low, high in pairwise(bounds)]
        return position, texts


class ItemColumns(NamedTuple):
    """A result a row: number of the site and of the item, code of the result, marks, evidence.

    The evidence is a position in `texts`.
    """

    site: Ints
    item: Ints
    result: Ints
    points: Ints
    marks: Ints
    evidence: Ints
    texts: list[str]


class SiteItems(Mapping[str, ItemResult]):
    """Results of one site by item id, in the order of the card; made when asked for."""

    __slots__ = ("_number", "_scored")

    def __init__(self, scored: ScoredItems, number: int) -> None:
        self._scored = scored
        self._number = number

    def _rows(self) -> Iterator[tuple[JudgedItem, int]]:
        """Give the items of the site, and its position in each."""
        for item in self._scored.items:
            at = self._position(item)
            if at >= 0:
                yield item, at

    def _position(self, item: JudgedItem) -> int:
        """Position of the site in an item; -1 where its tier does not include it."""
        at = int(item.sites.searchsorted(self._number))
        return at if at < len(item.sites) and item.sites[at] == self._number else -1

    def _result(self, item: JudgedItem, at: int) -> ItemResult:
        names = self._scored.names
        rows = item.judged.evidence.row(at).tolist()
        return ItemResult(
            RESULTS[item.judged.result[at]], tuple(dict.fromkeys(map(names.text, rows)))
        )

    def __getitem__(self, item_id: str) -> ItemResult:
        """Give the result of one item."""
        item = self._scored.by_id[item_id]
        at = self._position(item)
        if at < 0:
            raise KeyError(item_id)
        return self._result(item, at)

    def __iter__(self) -> Iterator[str]:
        """Ids of the items that the tier includes."""
        return (item.item_id for item, _ in self._rows())

    def __len__(self) -> int:
        """Count them."""
        return sum(1 for _ in self._rows())

    def __repr__(self) -> str:
        """Show all of them."""
        return repr(dict(self))


@dataclass(frozen=True)
class SiteScore:
    """Score of one site for its tier.

    Attributes
    ----------
    place
        Place number of the site.
    tier
        Highest tier of its circuits (its own where no circuit has one), "" if neither has.
    items
        Result of each item that the tier includes, by item id.
    raw, raw_best, applicable, known_points
        Points earned; points if every unknown passed; marks that apply; marks of known items.
    score, score_best
        Rescaled to the tier's full marks; None where nothing applies.
    unknown_items
        Number of items whose result is unknown.
    """

    place: int
    tier: str
    items: Mapping[str, ItemResult]
    raw: int
    raw_best: int
    applicable: int
    known_points: int
    full_marks: int
    score: float | None
    score_best: float | None
    grade: str
    grade_best: str
    unknown_items: int

    @property
    def is_provisional(self) -> bool:
        """Missing records could change the grade."""
        return self.grade != self.grade_best


@dataclass(frozen=True)
class Scores:
    """Scores of all sites (by place number) and what contradicts in the records.

    `items` holds the results of the items as columns.
    """

    card: Scorecard
    by_place: Mapping[int, SiteScore]
    findings: tuple[Finding, ...]
    items: ScoredItems = field(repr=False, compare=False)


def add_up(card: Scorecard, items: ScoredItems, tiers: list[str]) -> dict[int, SiteScore]:
    """Add up the marks of every site, by place number."""
    sums, unknown = items.sums(), items.counts(UNKNOWN).tolist()
    by_result = dict(zip(RESULTS, sums.tolist(), strict=True))
    columns = zip(
        items.places.tolist(), tiers, by_result[Result.PASS], by_result[Result.FAIL],
        by_result[Result.UNKNOWN], unknown, strict=True,
    )  # fmt: skip
    scores: dict[int, SiteScore] = {}
    grade_of = cache(card.grade_of)  # of few figures
    for number, (place, tier, raw, lost, open_, n_unknown) in enumerate(columns):
        applicable, best = raw + lost + open_, raw + open_
        full = card.full_marks.get(tier, 0)
        scores[place] = SiteScore(
            place=place,
            tier=tier,
            items=SiteItems(items, number),
            raw=raw,
            raw_best=best,
            applicable=applicable,
            known_points=raw + lost,
            full_marks=full,
            score=raw * full / applicable if applicable else None,
            score_best=best * full / applicable if applicable else None,
            grade=grade_of(raw, applicable),
            grade_best=grade_of(best, applicable),
            unknown_items=n_unknown,
        )
    return scores
