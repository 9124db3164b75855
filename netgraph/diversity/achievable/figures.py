"""Figures of the best pairs of many sites at once, for tables: no answer is made for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable.layer_answers import TOLD, AnswerColumns, LayerAnswers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.find import Achievable
    from netgraph.diversity.achievable.layer_answers import LayerAnswer


class PairFigures(NamedTuple):
    """Figures of the best pairs on one layer, a row a site; arrays of shape (sites,).

    Without an answer all are -1 (`total_m` is NaN), without a route all but the first two.

    Attributes
    ----------
    told
        Position of the level in TOLD.
    is_otherwise, is_shortest
        1 is true, 0 is false; see :class:`LayerAnswer`.
    single_points, total_m
        How many elements no route avoids, and metres of both routes.
    """

    told: NDArray[np.int8]
    is_otherwise: NDArray[np.int8]
    is_shortest: NDArray[np.int8]
    single_points: NDArray[np.int32]
    total_m: NDArray[np.float64]

    def __len__(self) -> int:  # of the sites, not of the columns
        """Count the sites."""
        return len(self.told)

    @classmethod
    def without_answers(cls, n_sites: int) -> PairFigures:
        """Give rows without an answer."""
        told, otherwise, shortest = np.full((3, n_sites), -1, dtype=np.int8)
        points = np.full(n_sites, -1, dtype=np.int32)
        return cls(told, otherwise, shortest, points, np.full(n_sites, np.nan))


def pair_figures(achievable: Achievable, sites: Sequence[int]) -> tuple[PairFigures, PairFigures]:
    """Give the figures of sites by their places, on cables and on spans.

    Where a site has several answers, of the worst one.
    """
    layers = [achievable.answers[name] for name in ("cables", "spans")]
    figures = (
        PairFigures.without_answers(len(sites)), PairFigures.without_answers(len(sites))
    )  # fmt: skip
    rows: list[dict[int, tuple[AnswerColumns, list[int], list[int]]]] = [{}, {}]
    for site, place in enumerate(sites):
        lone = [a.lone(place) if isinstance(a, LayerAnswers) else None for a in layers]
        if lone[0] is not None and lone[1] is not None:
            for of_layer, (columns, row) in zip(rows, lone, strict=True):  # type: ignore[misc]
                _, at, those = of_layer.setdefault(id(columns), (columns, [], []))
                at.append(site)
                those.append(row)
            continue
        both = achievable.by_place.get(place)
        if both is not None:
            _put_answer(figures[0], site, both.cables)
            _put_answer(figures[1], site, both.spans)
    for found, of_layer in zip(figures, rows, strict=True):
        for columns, at, those in of_layer.values():
            _put_rows(found, at, columns, those)
    return figures


def _put_rows(figures: PairFigures, at: list[int], answers: AnswerColumns, rows: list[int]) -> None:
    """Put figures of some rows of an answer at some sites."""
    figures.told[at] = answers.told[rows]
    figures.is_otherwise[at] = answers.is_otherwise[rows]
    has_route = answers.is_connected[rows]
    figures.is_shortest[at] = np.where(has_route, answers.is_shortest[rows], -1)
    counts = np.diff(answers.unavoidable.indptr)[rows]
    figures.single_points[at] = np.where(has_route, counts, -1)
    figures.total_m[at] = np.where(has_route, answers.total_m[rows], np.nan)


def _put_answer(figures: PairFigures, at: int, answer: LayerAnswer) -> None:
    otherwise = answer.is_disjoint_otherwise
    figures.told[at] = TOLD.index(answer.level)
    figures.is_otherwise[at] = -1 if otherwise is None else otherwise
    if answer.is_connected:
        figures.is_shortest[at] = answer.is_shortest
        figures.single_points[at] = len(answer.unavoidable)
        figures.total_m[at] = answer.total_m
