"""What is known of the best pair of routes of one site on one layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.judgement import PairJudgement, Unavoidable
    from netgraph.diversity.achievable.proof import SearchProof
    from netgraph.diversity.search.single_points import SinglePoints

    _Numbers = NDArray[np.int32]

_NO_EDGES = np.empty(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class OpenPair:
    """What a search needs of a site whose pair may share something avoidable.

    Attributes
    ----------
    find_points
        Finds the single points of the network that the site may use: to keep the networks of
        thousands of sites would fill the memory. The same object for sites with the same network.
    source, cutting
        The site's reduced node, and the risk classes that alone cut it off.
    singles
        The single points.
    at_ends
        Elements that stand at one of several centres.
    is_least_shared
        No pair shares less: only a shorter one may be left to be found.
    """

    find_points: Callable[[], SinglePoints]
    source: int
    cutting: _Numbers
    singles: Unavoidable
    at_ends: frozenset[int]
    is_least_shared: bool = False


@dataclass(frozen=True, eq=False)
class Doubt:
    """What the plant with missing records could change.

    Attributes
    ----------
    is_connecting, is_avoiding
        It could connect the site, or spare it a single point.
    implied
        What goes with the single points that would be left; None if they stay the same.
    """

    is_connecting: bool = False
    is_avoiding: bool = False
    implied: frozenset[int] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it could only spare the site what it can avoid anyway."""
        return not (self.is_connecting or self.is_avoiding or self.implied is not None)


@dataclass(frozen=True, eq=False)
class BestPair:
    """The best pair of one site.

    Attributes
    ----------
    routes
        Edges of the two routes (of a group of circuits, of as many), from the site; empty when not
        connected.
    judgement
        What the pair shares.
    unavoidable
        One element (audit numbering) for each single point of failure, the nearest to the site
        first, risk groups last; the judgement shares them all.
    is_proven
        No pair shares less.
    is_shortest
        Besides, of the pairs that share as little none is known to be shorter, nor can be.
    certain
        Elements that count as shared in every pair of the site, as far as they are known.
    open
        What is left to be searched; None where the pair is known to be the best, and the shortest.
    search
        How the search for it ended, where there was one.
    """

    is_connected: bool
    routes: tuple[_Numbers, ...] = (_NO_EDGES, _NO_EDGES)
    judgement: PairJudgement | None = None
    unavoidable: tuple[int, ...] = ()
    is_proven: bool = True
    is_shortest: bool = True
    certain: frozenset[int] = frozenset()
    open: OpenPair | None = None
    search: SearchProof | None = None
    doubt: Doubt | None = None

    @property
    def is_open(self) -> bool:
        """Whether a pair that shares less may be left to be found."""
        return self.open is not None and not self.open.is_least_shared

    def has_certain_level(self, kind: NDArray[np.int64]) -> bool:
        """Whether what counts in every pair yields this pair's level: then no pair has a better.

        Neither has one with the plant that missing records keep out.

        Parameters
        ----------
        kind
            The kind of each element, as `audit.kind`.
        """
        doubt, judged = self.doubt, self.judgement
        if judged is None or (doubt is not None and (doubt.is_connecting or doubt.is_avoiding)):
            return False
        certain = self.certain.intersection(judged.shared)
        if doubt is not None and doubt.implied is not None:
            certain &= doubt.implied
        return any(LEVEL_OF_KIND[kind[x]] is judged.level for x in certain)

    @property
    def is_doubtful(self) -> bool:
        """Whether plant that a missing record keeps out could give a better pair."""
        doubt, judged = self.doubt, self.judgement
        if doubt is None:
            return False
        if doubt.is_connecting or doubt.is_avoiding or judged is None:
            return True
        if doubt.implied is None:
            return judged.is_avoidable
        return bool(set(judged.shared) - doubt.implied)
