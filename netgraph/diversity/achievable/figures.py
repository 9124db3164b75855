"""Figures of the best pairs of many sites at once, for tables: no answer is made for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable.layer_answers import TOLD, AnswerColumns, LayerAnswers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.diversity.achievable.find import Achievable
    from netgraph.diversity.achievable.layer_answers import LayerAnswer

    #: On cables and on spans.
    BothFigures = tuple["PairFigures", "PairFigures"]


class PairFigures(NamedTuple):
    """Figures of one :class:`LayerAnswer`; all but the first two are None without a route."""

    level: str
    is_disjoint_otherwise: bool | None
    single_points: int | None
    total_m: float | None
    is_shortest: bool | None


def pair_figures(achievable: Achievable, sites: Iterable[int]) -> list[BothFigures | None]:
    """Give the figures of sites by their places; None for a site that was not searched for.

    Where a site has several answers, of the worst one.
    """
    layers = [achievable.answers[name] for name in ("cables", "spans")]
    made: dict[int, list[PairFigures]] = {}
    found: list[BothFigures | None] = []
    for site in sites:
        lone = [a.lone(site) if isinstance(a, LayerAnswers) else None for a in layers]
        if lone[0] is not None and lone[1] is not None:
            cables, spans = (_of_row(made, columns, row) for columns, row in (lone[0], lone[1]))
            found.append((cables, spans))
            continue
        both = achievable.by_place.get(site)
        found.append(None if both is None else (_of_answer(both.cables), _of_answer(both.spans)))
    return found


def _of_row(made: dict[int, list[PairFigures]], columns: AnswerColumns, row: int) -> PairFigures:
    figures = made.get(id(columns))
    if figures is None:
        figures = made[id(columns)] = _of_columns(columns)
    return figures[row]


def _of_columns(answers: AnswerColumns) -> list[PairFigures]:
    """Figures of every row."""
    connected = answers.is_connected.tolist()
    figures = (
        np.diff(answers.unavoidable.indptr).tolist(), answers.total_m.tolist(),
        answers.is_shortest.tolist(),
    )  # fmt: skip
    otherwise = ((False, True, None)[value] for value in answers.is_otherwise.tolist())
    return [
        PairFigures(TOLD[told], apart, *(some if has_route else (None, None, None)))
        for told, apart, has_route, some in zip(
            answers.told.tolist(), otherwise, connected, zip(*figures, strict=True), strict=True
        )
    ]


def _of_answer(answer: LayerAnswer) -> PairFigures:
    figures = (len(answer.unavoidable), answer.total_m, answer.is_shortest)
    return PairFigures(
        answer.level, answer.is_disjoint_otherwise,
        *(figures if answer.is_connected else (None, None, None)),
    )  # fmt: skip
