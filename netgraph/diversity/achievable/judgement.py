"""Judge pairs of routes that a search found, by the same rules as recorded routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable._judging import Asked, Known, judge_all
from netgraph.diversity.levels import RANK, Level
from netgraph.diversity.search.folding import FoldedRoutes
from netgraph.diversity.search.graph import Rows, joined_rows, rows_of
from netgraph.diversity.search.keys import holds, rows_of_keys
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND, RISK_GROUP
from netgraph.topology.csr import Csr, gather

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable._judging_layout import Layout
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]

_LEVELS = tuple(Level)
RANK_OF_KIND = np.array([RANK[LEVEL_OF_KIND[k]] for k in range(len(LEVEL_OF_KIND))])


@dataclass(frozen=True)
class PairJudgement:
    """What a pair of routes shares: the level, and the elements that count (audit numbering).

    Attributes
    ----------
    is_avoidable
        Whether something that counts goes with none of the single points given.
    is_forgiven
        Whether something that is tolerated goes with none of them.
    """

    level: Level
    shared: tuple[int, ...]
    tolerated: tuple[int, ...]
    is_avoidable: bool = False
    is_forgiven: bool = False


NOTHING_SHARED = PairJudgement(Level.DIVERSE, (), ())


@dataclass(frozen=True, eq=False)
class Judged:
    """Judgements of many pairs, row by row.

    Attributes
    ----------
    rank
        Of each level.
    shared, tolerated
        Ascending.
    is_avoidable, is_forgiven
        As of a :class:`PairJudgement`.
    """

    rank: Ints
    shared: Rows
    tolerated: Rows
    is_avoidable: NDArray[np.bool_]
    is_forgiven: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.rank)

    def __getitem__(self, k: int) -> PairJudgement:
        """Return one judgement."""
        return PairJudgement(
            _LEVELS[self.rank[k]], tuple(self.shared[k].tolist()),
            tuple(self.tolerated[k].tolist()), bool(self.is_avoidable[k]),
            bool(self.is_forgiven[k]),
        )  # fmt: skip

    @staticmethod
    def of(judgements: Sequence[PairJudgement]) -> Judged:
        """Return judgements as columns."""
        return Judged(
            np.array([RANK[judged.level] for judged in judgements], dtype=np.int64),
            rows_of([judged.shared for judged in judgements]),
            rows_of([judged.tolerated for judged in judgements]),
            np.array([judged.is_avoidable for judged in judgements], dtype=bool),
            np.array([judged.is_forgiven for judged in judgements], dtype=bool),
        )

    @staticmethod
    def joined(parts: Sequence[Judged]) -> Judged:
        """Return judgements one after the other."""
        return Judged(
            np.concatenate([part.rank for part in parts]),
            joined_rows([part.shared for part in parts]),
            joined_rows([part.tolerated for part in parts]),
            np.concatenate([part.is_avoidable for part in parts]),
            np.concatenate([part.is_forgiven for part in parts]),
        )

    def take(self, rows: Ints) -> Judged:
        """Return some of the judgements."""
        return Judged(
            self.rank[rows], self.shared.take(rows), self.tolerated.take(rows),
            self.is_avoidable[rows], self.is_forgiven[rows],
        )  # fmt: skip

    def some(self, first: int, end: int) -> Judged:
        """Return the judgements from one to before another."""
        return Judged(
            self.rank[first:end], self.shared.some(first, end), self.tolerated.some(first, end),
            self.is_avoidable[first:end], self.is_forgiven[first:end],
        )  # fmt: skip

    def where(self, is_kept: NDArray[np.bool_]) -> Judged:
        """Return the same judgements, the others as of pairs that share nothing."""
        return Judged(
            np.where(is_kept, self.rank, RANK[Level.DIVERSE]),
            self.shared.only(is_kept), self.tolerated.only(is_kept),
            self.is_avoidable & is_kept, self.is_forgiven & is_kept,
        )  # fmt: skip


class Unavoidable(NamedTuple):
    """Single points of a site: the first element of each, and where the others are.

    Attributes
    ----------
    firsts
        An element (audit numbering) for each.
    keys
        Rows of :attr:`Judge.points`; risk classes c, rows of :attr:`Judge.members`, as ~c.
    """

    firsts: tuple[int, ...]
    keys: tuple[int, ...]


class Singles(NamedTuple):
    """Single points of many sites, row by row as of :class:`Unavoidable`."""

    firsts: Rows
    keys: Rows

    def of(self, k: int) -> Unavoidable:
        """Return those of one site."""
        return Unavoidable(tuple(self.firsts[k].tolist()), tuple(self.keys[k].tolist()))

    def take(self, rows: Ints) -> Singles:
        """Return those of some sites."""
        return Singles(self.firsts.take(rows), self.keys.take(rows))

    def where(self, is_kept: NDArray[np.bool_]) -> Singles:
        """Return none for other sites."""
        return Singles(self.firsts.only(is_kept), self.keys.only(is_kept))


@dataclass(frozen=True, eq=False)
class Judge:
    """Judges pairs of routes on one layer; build it once with :func:`build_judge`.

    Attributes
    ----------
    points
        Elements and risk groups of every node v as v and of every edge e as n + e.
    members
        Elements and risk groups behind each risk class.
    """

    _kind: Ints
    _layout: Layout
    _point_numbers: _Numbers
    _member_numbers: _Numbers
    points: Csr
    members: Csr

    def judge(
        self, sources: Ints | _Numbers, routes: Rows, points: Rows, cutting: Rows
    ) -> tuple[Judged, NDArray[np.bool_]]:
        """Judge many pairs at once.

        Exact: every element that both routes touch is compared, as on recorded routes. What stands
        in the buildings that both routes begin or end in is left out (the risk groups of the rest
        are not), and what lies wholly within the tolerance along both routes.

        Parameters
        ----------
        sources
            Nodes of the layer, shape (k,).
        routes
            2k routes on the layer, from their source to a sink: 2i and 2i + 1 of source i, both
            folded or both plain.
        points, cutting
            The single points of each source (node v as v, edge e as n + e), and the risk classes
            that alone cut it off.

        Returns
        -------
        judged
            A row a source.
        is_new
            For each entry of `cutting`, whether nothing in it goes with an earlier one or a point.
            Cost O(elements of the routes).
        """
        layout = self._layout
        known = Known(
            points.indptr, points.values, self.points.indptr, self._point_numbers,
            cutting.indptr, cutting.values,
            self.members.indptr, self._member_numbers,
        )  # fmt: skip
        if isinstance(routes, FoldedRoutes) and not layout.has_chains:
            routes = routes.unfolded()
        asked = Asked(
            sources.astype(np.int32), layout.home, routes.indptr, routes.values, layout.n_edges
        )
        with layout.marks.taken() as marks:
            found = judge_all(layout.steps, layout.brief, layout.things, marks, asked, known)
        counted = _sorted_rows(found.counted_ptr, layout.element_of[found.counted])
        tolerated = _sorted_rows(found.tolerated_ptr, layout.element_of[found.tolerated])
        ranks = RANK_OF_KIND[self._kind[counted]]
        best = np.full(len(sources), RANK[Level.DIVERSE])
        np.minimum.at(best, np.repeat(np.arange(len(sources)), np.diff(found.counted_ptr)), ranks)
        judged = Judged(
            best, Rows(found.counted_ptr, counted), Rows(found.tolerated_ptr, tolerated),
            *found.is_avoidable,
        )  # fmt: skip
        return judged, found.is_new

    def name_all(self, singles: Singles, judged: Judged) -> Rows:
        """Name the single points of many sites: see :meth:`name_unavoidable`."""
        firsts, owners = singles.firsts, singles.firsts.owners
        counts = holds(judged.shared.keys, firsts.keys)
        if counts.all():
            return firsts
        at, element = self._counted(singles, np.flatnonzero(~counts), judged)
        at = np.concatenate([np.flatnonzero(counts), at])
        element = np.concatenate([firsts.values[counts], element])
        order = np.argsort(at, kind="stable")
        keys = owners[at[order]] << 32 | element[order]
        is_mixed = np.zeros(len(firsts), dtype=bool)
        is_mixed[owners[~counts]] = True
        # Each element once where some do not count, as where they are named one by one.
        is_told = ~is_mixed[keys >> 32]
        is_told[np.unique(keys, return_index=True)[1]] = True
        return rows_of_keys(keys[is_told], len(firsts))

    def _counted(self, singles: Singles, at: Ints, judged: Judged) -> tuple[Ints, Ints]:
        """Return what counts of some single points of which the first element does not.

        Returns
        -------
        The position of the point and an element, ascending by position.
        """
        keys, rows = singles.keys.values[at].astype(np.int64), singles.keys.owners[at]
        is_point = keys >= 0
        points, of_point = gather(self.points, keys[is_point])
        members, of_class = gather(self.members, ~keys[~is_point])
        entry = np.concatenate([
            np.flatnonzero(is_point)[of_point], np.flatnonzero(~is_point)[of_class]
        ])  # fmt: skip
        element = np.concatenate([points, members])
        counts = holds(judged.shared.keys, rows[entry] << 32 | element)
        entry, element = entry[counts], element[counts]
        order = np.argsort(entry, kind="stable")
        entry, element = entry[order], element[order]
        is_first = np.append(True, entry[1:] != entry[:-1])[: len(entry)]
        leader = np.flatnonzero(is_first)[np.cumsum(is_first) - 1]
        # All groups are named, but of a place or cable what counts first.
        is_told = is_first | (self._kind[element[leader]] >= RISK_GROUP)
        return at[entry[is_told]], element[is_told]

    def name_unavoidable(self, single: Unavoidable, judged: PairJudgement) -> tuple[int, ...]:
        """Name single points by what of them counts in a pair, which shares all that does.

        A manhole near the site is tolerated, not the flood zone or the building that it is in; of
        two offices in one building a route may pass the second. What does not count is left out.
        """
        shared = set(judged.shared)
        if shared.issuperset(single.firsts):
            return single.firsts
        told = dict[int, None]()
        for first, key in zip(*single, strict=True):
            row = self.points.row(key) if key >= 0 else self.members.row(~key)
            counted = [x for x in row.tolist() if x in shared]
            is_group = not counted or self._kind[counted[0]] >= RISK_GROUP
            told |= dict.fromkeys(
                [first] if first in shared else counted[: None if is_group else 1]
            )
        return tuple(told)


def build_judge(audit: AuditBasis, layer: SearchLayer, layout: Layout) -> Judge:
    """Make what judges pairs on a layer that is laid out."""
    risks, nodes, edges = layer.risks.risks, layer.node_elements, layer.elements
    points = Csr(
        np.concatenate([nodes.indptr, nodes.indptr[-1] + edges.indptr[1:]]),
        np.concatenate([nodes.indices, edges.indices]),
    )
    members = Csr(risks.indptr, layer.risk_element[risks.values])
    numbers = layout.number_of[points.indices], layout.number_of[members.indices]
    return Judge(audit.kind, layout, *numbers, points, members)


def _sorted_rows(ptr: Ints, values: _Numbers) -> _Numbers:
    """Sort the values of each row."""
    rows = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    return (np.sort(rows << 32 | values) & 0xFFFFFFFF).astype(np.int32)
