"""Kernel: what each of many pairs of routes shares, and what of it cannot be avoided."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search.heap import place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int32]
    Longs = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_NONE = -1
# Numbers that are handed on: numba compiles one more version for every number written out.
_FIRST, _SECOND = np.int64(0), np.int64(1)
_NEAR, _FAR = np.int64(0), np.int64(1)


class Steps(NamedTuple):
    """The edges of a layer from their first end to their second: spans between places.

    Behind the edges of a layer of spans follow chains of them, as if each were one edge.
    """

    edge: Ints  # what is wanted of an edge, side by side; see the columns below
    span: Ints
    entry: Ints
    exit_: Ints
    cable: Ints  # the element of each edge's cable, -1 on spans
    end: Ints  # the places at both ends of the cable, shape (2, edges)


class Brief(NamedTuple):
    """What of each edge two routes can share although they have no node of it in common."""

    element: Ints
    home: Ints  # the buildings that the edge's elements stand in


class Things(NamedTuple):
    """Elements and risk groups by number, and what a span or place brings along."""

    element: Ints  # what is wanted of an element, side by side; see the columns below
    span_ptr: Longs  # elements of each span, places left out
    span_element: Ints
    span_m: Floats  # infinite where neither recorded nor drawn
    place: Ints  # the element of each place, its building (-1 outside) and that building's element
    group: Ints
    tolerance_m: float


# Columns of edges: nodes at both ends, spans, what can be shared, buildings.
NODE_A, NODE_B, STEP, STEP_END, BRIEF, BRIEF_END, HOME, HOME_END = range(8)
# Columns of elements: the building that it stands in, risk groups, whether it can be tolerated.
STANDS_IN, GROUP, GROUP_END, IS_TOLERABLE = range(4)
# Columns of places.
ELEMENT, BUILDING, BUILDING_ELEMENT = range(3)


class Asked(NamedTuple):
    """Pairs to judge: routes 2i and 2i + 1 belong to source i.

    Both are given edge by edge, or both chain by chain, with no end of a route inside a chain.
    """

    source: Ints
    home: Ints  # the building of each node, -1 outside
    ptr: Longs
    edge: Ints  # edge e as e, chain c as ~2c or ~(2c + 1)
    first_chain: int  # the record of the first chain, which follows those of the edges


class Known(NamedTuple):
    """What cannot be avoided, in compressed rows by source: points, then sets of elements."""

    point_ptr: Longs
    point: Ints  # node v as v, edge e as n + e
    element_ptr: Longs  # elements of each point
    element: Ints
    set_ptr: Longs  # sets of each source
    set_: Ints
    member_ptr: Longs  # elements of each set
    member: Ints


class Marks(NamedTuple):
    """Which routes touched what last; sources are counted on from one call to the next."""

    n_judged: Longs  # one number: sources before this call
    by: Ints  # by element and turn, shape (elements, 2): 2i, or 2i + 1 beyond the tolerance
    implied: Ints  # by element: the source that cannot avoid it
    passed: Ints  # by node and turn, shape (nodes, 2)
    both: Ints  # elements that both routes touch
    n_both: Longs  # one number


class Found(NamedTuple):
    """Elements that count and that are tolerated, in compressed rows by source, in any order."""

    counted_ptr: Longs
    counted: Ints
    tolerated_ptr: Longs
    tolerated: Ints
    is_avoidable: Flags  # whether something counted, or tolerated, could be avoided; shape (2, k)
    is_new: Flags  # whether a set holds none of what its source's points and earlier sets hold


@entry
def judge_all(
    steps: Steps, brief: Brief, things: Things, marks: Marks, asked: Asked, known: Known
) -> Found:
    """Compare the two routes of each source, element by element."""
    k = len(asked.source)
    ptr = np.zeros((2, k + 1), dtype=np.int64)
    listed = np.empty((2, 1024), dtype=np.int32)
    is_avoidable = np.zeros((2, k), dtype=np.bool_)
    is_new = np.zeros(len(known.set_), dtype=np.bool_)
    for i in range(k):
        number = marks.n_judged[0]
        marks.n_judged[0] += 1
        _mark_known(known, marks, is_new, i, number)
        _compare(steps, brief, things, asked, marks, i, number)
        while max(ptr[0, i], ptr[1, i]) + marks.n_both[0] > listed.shape[1]:
            listed = np.concatenate((listed, np.empty_like(listed)), axis=1)
        ptr[0, i + 1], ptr[1, i + 1] = ptr[0, i], ptr[1, i]
        for j in range(marks.n_both[0]):
            x = marks.both[j]
            is_near = marks.by[x, 0] == 2 * number and marks.by[x, 1] == 2 * number
            row = 1 if is_near and things.element[x, IS_TOLERABLE] else 0
            listed[row, ptr[row, i + 1]] = x
            ptr[row, i + 1] += 1
            is_avoidable[row, i] |= marks.implied[x] != number
    return Found(
        ptr[0].copy(),
        listed[0, : ptr[0, k]].copy(),
        ptr[1].copy(),
        listed[1, : ptr[1, k]].copy(),
        is_avoidable,
        is_new,
    )


@entry
def touched_by_edge(steps: Steps, things: Things, marks: Marks) -> tuple[Longs, Ints]:
    """Return all elements that a route over each edge alone touches, in compressed rows."""
    m = len(steps.edge)
    ptr = np.zeros(m + 1, dtype=np.int64)
    touched = np.empty(1024, dtype=np.int32)
    nobody, is_no = np.int64(-2), m < 0
    for e in range(m):
        marks.n_both[0] = 0
        number = marks.n_judged[0]
        marks.n_judged[0] += 1
        for turn in range(2):  # twice: what both touch is listed
            _walk_edge(
                steps, things, marks, (number, turn, nobody, nobody), e, is_no, np.inf, is_no
            )
            _touch_cable(steps, things, marks, (number, turn, nobody, nobody), e)
        while ptr[e] + marks.n_both[0] > len(touched):
            touched = np.concatenate((touched, np.empty_like(touched)))
        for j in range(marks.n_both[0]):
            touched[ptr[e] + j] = marks.both[j]
        ptr[e + 1] = ptr[e] + marks.n_both[0]
    return ptr, touched[: ptr[m]].copy()


@inner
def _mark_known(known: Known, marks: Marks, is_new: Flags, i: int, number: int) -> None:
    """Mark everything that goes with the single points of a source."""
    for j in range(known.point_ptr[i], known.point_ptr[i + 1]):
        point = known.point[j]
        for m in range(known.element_ptr[point], known.element_ptr[point + 1]):
            marks.implied[known.element[m]] = number
    for j in range(known.set_ptr[i], known.set_ptr[i + 1]):
        first, last = known.member_ptr[known.set_[j]], known.member_ptr[known.set_[j] + 1]
        is_new[j] = True
        for m in range(first, last):
            if marks.implied[known.member[m]] == number:
                is_new[j] = False
        for m in range(first, last):
            marks.implied[known.member[m]] = number


@inner
def _compare(
    steps: Steps, brief: Brief, things: Things, asked: Asked, marks: Marks, i: int, number: int
) -> None:
    """List what both routes of a source use outside the two buildings."""
    end = _pass_nodes(steps, asked, marks, i, number, _FIRST)
    is_one_end = end == _pass_nodes(steps, asked, marks, i, number, _SECOND)
    own = np.int64(asked.home[asked.source[i]])
    far_own = np.int64(asked.home[end]) if is_one_end else own
    marks.n_both[0] = 0
    for turn in range(2):
        _walk(steps, brief, things, asked, marks, i, (number, turn, own, far_own))


@inner
def _pass_nodes(steps: Steps, asked: Asked, marks: Marks, i: int, number: int, turn: int) -> int:
    """Mark the nodes of a route; return the last."""
    node = asked.source[i]
    marks.passed[node, turn] = number
    for j in range(asked.ptr[2 * i + turn], asked.ptr[2 * i + turn + 1]):
        e = place(_record(asked, j))
        node = steps.edge[e, NODE_A] + steps.edge[e, NODE_B] - node
        marks.passed[place(node), turn] = number
    return int(node)


@inner
def _record(asked: Asked, j: int) -> int:
    """Return the number of the record of a step of a route."""
    e = np.int64(asked.edge[place(j)])
    return int(e if e >= 0 else asked.first_chain + (~e >> 1))


@inner
def _walk(
    steps: Steps,
    brief: Brief,
    things: Things,
    asked: Asked,
    marks: Marks,
    i: int,
    who: tuple[int, int, int, int],
) -> None:
    """Touch all that a route uses, or only what can be shared where both routes are apart."""
    number, turn, _, _ = who
    node = np.int64(asked.source[i])
    metres, is_indoors = 0.0, node >= 0
    first, last = asked.ptr[2 * i + turn], asked.ptr[2 * i + turn + 1]
    for j in range(first, last):
        e = np.int64(_record(asked, j))
        a, b = steps.edge[place(e), NODE_A], steps.edge[place(e), NODE_B]
        is_turned = a != node
        node = np.int64(a if is_turned else b)
        is_met = (
            marks.passed[place(a), 1 - turn] == number or marks.passed[place(b), 1 - turn] == number
        )
        if is_met or metres <= things.tolerance_m or _is_home(steps, brief, e, who):
            metres, is_indoors = _walk_edge(
                steps, things, marks, who, e, is_turned, metres, is_indoors
            )
            continue
        for q in range(steps.edge[place(e), BRIEF], steps.edge[place(e), BRIEF_END]):
            _mark(marks, number, turn, np.int64(brief.element[place(q)]), _FAR)
    for j in range(first, last):
        if asked.edge[j] < 0 or steps.cable[asked.edge[j]] == _NONE:
            break  # all edges are cables, or none
        _touch_cable(steps, things, marks, who, np.int64(asked.edge[j]))


@inner
def _is_home(steps: Steps, brief: Brief, e: int, who: tuple[int, int, int, int]) -> bool:
    """Whether something on the edge stands in one of the two buildings."""
    for q in range(steps.edge[place(e), HOME], steps.edge[place(e), HOME_END]):
        if brief.home[place(q)] == who[2] or brief.home[place(q)] == who[3]:
            return True
    return False


@inner
def _walk_edge(  # noqa: PLR0913, PLR0917 -- a kernel
    steps: Steps,
    things: Things,
    marks: Marks,
    who: tuple[int, int, int, int],
    e: int,
    is_turned: bool,  # noqa: FBT001
    metres: float,
    is_indoors: bool,  # noqa: FBT001
) -> tuple[float, bool]:
    """Touch all that the spans of an edge use; return how far out they end.

    Metres inside the building from which the route starts do not count.
    """
    first, last = steps.edge[e, STEP], steps.edge[e, STEP_END]
    for m in range(first, last):
        s = first + last - 1 - m if is_turned else m
        span = steps.span[s]
        a, b = np.int64(steps.entry[s]), np.int64(steps.exit_[s])
        if is_turned:
            a, b = b, a
        home = things.place[a, BUILDING]
        is_indoors &= home == things.place[b, BUILDING]
        _touch(things, marks, who, np.int64(things.place[a, ELEMENT]), metres)
        if not (is_indoors and home >= 0):
            metres += things.span_m[span]
        _touch(things, marks, who, np.int64(things.place[b, ELEMENT]), metres)
        for q in range(things.span_ptr[span], things.span_ptr[span + 1]):
            _touch(things, marks, who, np.int64(things.span_element[q]), metres)
    return metres, is_indoors


@inner
def _touch_cable(
    steps: Steps, things: Things, marks: Marks, who: tuple[int, int, int, int], e: int
) -> None:
    """Touch an edge's cable, and places in which it ends a few rooms from its last span."""
    if steps.cable[e] == _NONE:
        return
    i, turn, _, _ = who
    _touch(things, marks, who, np.int64(steps.cable[e]), np.inf)
    for side in range(2):
        place = steps.end[side, e]
        x = np.int64(things.place[place, ELEMENT])
        if x < 0 or marks.by[x, turn] >> 1 == i:
            continue
        _touch(things, marks, who, x, np.inf)
        building = np.int64(things.place[place, BUILDING_ELEMENT])
        if building >= 0:
            _touch(things, marks, who, building, np.inf)


@inner
def _touch(
    things: Things, marks: Marks, who: tuple[int, int, int, int], x: int, metres: float
) -> None:
    """Touch an element and its risk groups, unless it stands in one of the two buildings."""
    i, turn, own, far_own = who
    if x < 0:  # a place that is not known
        return
    home = things.element[x, STANDS_IN]
    if home >= 0 and home in (own, far_own):
        return
    is_far = _FAR if metres > things.tolerance_m else _NEAR
    _mark(marks, i, turn, x, is_far)
    for q in range(things.element[x, GROUP], things.element[x, GROUP_END]):
        _mark(marks, i, turn, np.int64(things.group[q]), is_far)


@inner
def _mark(marks: Marks, i: int, turn: int, x: int, is_far: int) -> None:
    if marks.by[place(x), turn] >> 1 == i:
        marks.by[place(x), turn] |= is_far
        return
    marks.by[place(x), turn] = 2 * i + is_far
    if turn == 1 and marks.by[place(x), 0] >> 1 == i:
        marks.both[marks.n_both[0]] = x
        marks.n_both[0] += 1
