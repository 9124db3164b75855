"""Lanes side by side: what both routes have in common stands on one row.

A sheet has to fit a page, so long stretches that no other route shares can be told in one cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from netgraph.report.trace.sheet import Cell, Panel

#: Kinds of place that stay when access offices are told with the stretch around them.
_UPPER = frozenset({"core", "aggregation", "external", "site"})
#: How much is told in one cell: nothing; cables of one link; up to aggregation; all that is
#: alone; all but the weightiest that is shared.
DETAILS = range(7)
_MOST_NUMBERS = {4: 5, 5: 3, 6: 2}  # how many hazards keep cells of their own at the last details
_STRENGTH = ("link", "cable", "trench", "structure", "risk_group", "equipment", "office")


@dataclass(frozen=True)
class Row:
    """Two cells side by side; joined if they are one and the same thing.

    `left_again` is where along the other route the left cell's shared things lie (metres from
    A, first and last), where the two cells could not be put side by side; `right_again` likewise.
    """

    left: Cell | None
    right: Cell | None
    is_joined: bool = False
    left_again: tuple[float, float] | None = None
    right_again: tuple[float, float] | None = None


def lay_out(panel: Panel, detail: int = 0) -> tuple[Row, ...]:
    """Give the rows of a panel.

    Parameters
    ----------
    detail
        0 shows every cell; 1, 2 and 3 tell ever longer stretches that stand alone in one cell;
        4 to 6 also fold in what is shared but for the weightiest hazards (it is still named).

    Returns
    -------
    tuple of Row
        In order along both routes. Cells with common keys stand on one row as far as the two
        orders allow; cost O(cells of the left lane times cells of the right one).
    """
    kept = _weightiest(panel, _MOST_NUMBERS.get(detail, 0))
    left = condense(panel.left.cells, detail, kept)
    right = condense(panel.right.cells, detail, kept) if panel.right else ()
    lanes = panel.left.cells, panel.right.cells if panel.right else ()
    rows: list[Row] = []
    at_left = at_right = 0
    for i, j in [*_matches(left, right), (len(left), len(right))]:
        rows += _side_by_side(left[at_left:i], right[at_right:j], lanes)
        if i < len(left):
            rows.append(Row(left[i], right[j], is_joined=True))
        at_left, at_right = i + 1, j + 1
    return tuple(rows)


def _side_by_side(
    left: Sequence[Cell], right: Sequence[Cell], lanes: tuple[Sequence[Cell], Sequence[Cell]]
) -> Iterable[Row]:
    for k in range(max(len(left), len(right))):
        one = left[k] if k < len(left) else None
        two = right[k] if k < len(right) else None
        again = _again(one, lanes[1]), _again(two, lanes[0])
        yield Row(one, two, left_again=again[0], right_again=again[1])


def _again(cell: Cell | None, other: Sequence[Cell]) -> tuple[float, float] | None:
    """Find where the other route has what is shared in a cell, whatever is folded there."""
    if cell is None or cell.mark not in {"shared", "circuit"}:
        return None
    common = [c for c in other if c.mark and c.leg == 1 and c.keys & cell.keys]
    same = [c for c in common if c.share == cell.share] or common
    if not same:
        return None
    return min(c.from_m for c in same), max(c.to_m for c in same)


def _matches(left: Sequence[Cell], right: Sequence[Cell]) -> list[tuple[int, int]]:
    """Find the pairs of cells with common keys, in the order of both, that have most in common."""
    best = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            both = _common(left[i], right[j])
            best[i][j] = max(best[i + 1][j], best[i][j + 1], both and both + best[i + 1][j + 1])
    pairs = []
    i = j = 0
    while i < len(left) and j < len(right):
        both = _common(left[i], right[j])
        if both and best[i][j] == both + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _common(first: Cell, second: Cell) -> int:
    """Count what two cells have in common; one that is alone does not stand beside a shared one."""
    if (first.kind == "place") != (second.kind == "place") or bool(first.mark) != bool(second.mark):
        return 0
    return len(first.keys & second.keys)


def _weightiest(panel: Panel, most: int) -> frozenset[int]:
    """Choose the numbers of the hazards that keep cells of their own."""
    weights: dict[int, tuple[int, float]] = {}
    for lane in (panel.left, panel.right):
        for cell in lane.cells if lane else ():
            if cell.number:
                weight = (_STRENGTH.index(cell.share), cell.from_m - cell.to_m)
                weights[cell.number] = min(weight, weights.get(cell.number, weight))
    return frozenset(sorted(weights, key=weights.__getitem__)[:most])


def condense(
    cells: Sequence[Cell], detail: int, kept: frozenset[int] = frozenset()
) -> tuple[Cell, ...]:
    """Tell stretches that no other route shares in fewer cells; both ends stay.

    At the last details what is shared is told there too, unless its number is kept.
    """
    cells = [c for i, c in enumerate(cells) if not _is_way_out(c, cells[i + 1 : i + 2])]
    if detail == 0 or len(cells) <= 2:
        return tuple(cells)

    def is_minor_hazard(cell: Cell, _block: Sequence[Cell]) -> bool:
        return cell.kind != "gap" and cell.leg == 1 and cell.number not in kept

    folds = detail in _MOST_NUMBERS
    may_join = is_minor_hazard if folds else (_is_inside_link, _is_minor, _is_alone)[detail - 1]
    result: list[Cell] = [cells[0]]
    block: list[Cell] = []
    for cell in cells[1:-1]:
        if not may_join(cell, block):
            result += _told(block, with_ends=folds)
            block = []
        if may_join(cell, block):
            block.append(cell)
        else:
            result.append(cell)
    return (*result, *_told(block, with_ends=folds), cells[-1])


def _is_way_out(cell: Cell, following: Sequence[Cell]) -> bool:
    """Whether a cell is only the way out of a building, on the cable that goes on from there."""
    is_short = cell.kind == "run" and not cell.mark and cell.spans > 0 and cell.to_m <= cell.from_m
    return is_short and any(c.kind == "run" and c.cables == cell.cables for c in following)


def _is_alone(cell: Cell, _block: Sequence[Cell]) -> bool:
    return not cell.mark and cell.leg == 1


def _is_minor(cell: Cell, block: Sequence[Cell]) -> bool:
    return _is_alone(cell, block) and not (cell.kind == "place" and cell.start.kind in _UPPER)


def _is_inside_link(cell: Cell, block: Sequence[Cell]) -> bool:
    """Whether a cell goes on with the link of the block: nothing but cables and splices between."""
    if not _is_alone(cell, block):
        return False
    if cell.kind == "place":
        return bool(block) and not cell.names and cell.start.kind not in {*_UPPER, "access"}
    return not any(c.links and c.links != cell.links for c in block)


def _told(block: Sequence[Cell], *, with_ends: bool) -> list[Cell]:
    """Tell a block in one cell; places at its ends are told in it or stay cells of their own."""
    runs = [k for k, cell in enumerate(block) if cell.kind != "place"]
    if len(runs) < (1 if with_ends else 2):
        return list(block)
    low, high = (0, len(block)) if with_ends else (runs[0], runs[-1] + 1)
    inner = block[low:high]
    return [*block[:low], _merged(inner), *block[high:]]


def _merged(cells: Sequence[Cell]) -> Cell:
    runs = [cell for cell in cells if cell.kind != "place"]

    def every(part: Callable[[Cell], tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for cell in runs for word in part(cell)))

    marks = {cell.mark for cell in cells} - {"", "tolerated"}
    return replace(
        runs[0],
        mark="mixed" if marks else "",
        share="",
        number=0,
        keys=frozenset(),
        names=tuple(dict.fromkeys(f"✕{cell.number}" for cell in cells if cell.number)),
        end=runs[-1].end,
        to_m=runs[-1].to_m,
        at_a_m=sum(cell.at_a_m for cell in runs),
        is_measured=runs[-1].is_measured,
        links=every(lambda cell: cell.links),
        carriers=every(lambda cell: cell.carriers),
        cables=every(lambda cell: cell.cables),
        spans=sum(cell.spans for cell in runs),
        media=every(lambda cell: cell.media),
        via=tuple(cell.start.name or cell.start.id for cell in cells if cell.kind == "place"),
    )
