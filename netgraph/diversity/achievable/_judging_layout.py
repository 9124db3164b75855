"""A layer laid out for the kernel that judges pairs: what is used together stands together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable._judging import (
    NODE_A,
    NODE_B,
    Brief,
    Marks,
    Steps,
    Things,
    touched_by_edge,
)
from netgraph.diversity.search.folding import are_turned
from netgraph.diversity.threads import Spare
from netgraph.diversity.verdict_kinds import TOLERABLE
from netgraph.topology.csr import (
    Csr,
    compose,
    csr_of_pairs,
    gather_positions,
    one_below_the_other,
    unique_rows,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.diversity.search.contraction import Contraction
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Layout:
    """Tables of the kernel, in which elements are numbered as the edges of the layer meet them.

    Attributes
    ----------
    marks
        Working space.
    home
        Building of each node, -1 outside.
    element_of, number_of
        The element of each number, and the number of each element.
    """

    steps: Steps
    brief: Brief
    things: Things
    marks: Spare[Marks]
    home: _Numbers
    element_of: _Numbers
    number_of: _Numbers

    @property
    def n_edges(self) -> int:
        """Number of edges, chains left out."""
        return len(self.steps.cable)

    @property
    def has_chains(self) -> bool:
        """Whether chains of edges have records."""
        return len(self.steps.edge) > self.n_edges


def lay_out(audit: AuditBasis, layer: SearchLayer, reduced: Contraction) -> Layout:
    """Lay out what a layer's routes touch; O(elements of all spans and cables).

    Chains of spans get a record of their own: routes that pass one do not pass each of its spans.
    """
    edge, spans = _edges(audit, layer)
    steps = Steps(_small(edge), *spans, *_cable_ends(audit, layer))
    things = _things(audit)
    marks = _new_marks(len(things.element), layer.graph.n_nodes)
    ptr, touched = touched_by_edge(steps, things, marks)
    brief, homes = _brief(steps, things, ptr, touched)
    met = _first_of_each(touched, len(things.element))
    is_left = np.ones(len(things.element), dtype=bool)
    is_left[met] = False
    element_of = np.concatenate([met, np.flatnonzero(is_left)]).astype(np.int32)
    number_of = np.empty(len(element_of), dtype=np.int32)
    number_of[element_of] = np.arange(len(element_of), dtype=np.int32)
    brief = replace(brief, indices=number_of[brief.indices].astype(np.int64))
    if layer.name == "spans":
        steps, brief, homes = _with_chains(reduced, steps, brief, homes)
    record = np.column_stack([steps.edge, brief.indptr[:-1], brief.indptr[1:],
                              homes.indptr[:-1], homes.indptr[1:]])  # fmt: skip
    cable = _numbers(number_of, steps.cable)
    return Layout(
        steps._replace(edge=_small(record), cable=_small(cable)),
        Brief(_small(brief.indices), _small(homes.indices)),
        _renumbered(things, element_of, number_of),
        Spare(partial(_new_marks, len(things.element), layer.graph.n_nodes)),
        _small(layer.home),
        element_of,
        number_of,
    )


def _first_of_each(numbers: _Numbers, n: int) -> _Numbers:
    """Return numbers below n, each once, in the order in which they are first met."""
    at, position = np.empty(n, dtype=np.int64), np.arange(len(numbers))
    at[numbers[::-1]] = position[::-1]  # of those put in one place the last one stays
    return numbers[at[numbers] == position]


def _new_marks(n_elements: int, n_nodes: int) -> Marks:
    return Marks(
        n_judged=np.zeros(1, dtype=np.int64),
        by=np.full((n_elements, 2), -1, dtype=np.int32),
        implied=np.full(n_elements, -1, dtype=np.int32),
        passed=np.full((n_nodes, 2), -1, dtype=np.int32),
        both=np.empty(n_elements, dtype=np.int32),
        n_both=np.zeros(1, dtype=np.int64),
    )


def _edges(
    audit: AuditBasis, layer: SearchLayer
) -> tuple[Ints, tuple[_Numbers, _Numbers, _Numbers]]:
    """Return nodes and steps of each edge, and the spans with their places from end to end."""
    network, item = audit.network, layer.item
    table = network.cables if layer.name == "cables" else network.spans
    nodes = [layer.node_of_place[table.a[item]], layer.node_of_place[table.b[item]]]
    if layer.name == "spans":
        ptr = np.arange(len(item) + 1)
        spans = (item, network.spans.a[item], network.spans.b[item])
    else:
        cables = network.cables
        position, owner = gather_positions(cables.spans, item)
        low, high = cables.spans.indptr[item], cables.spans.indptr[item + 1]
        mirror = (low + high - 1)[owner] - position
        position = np.where(cables.walk.is_backwards[item][owner], mirror, position)
        ptr = np.append(0, np.cumsum(high - low))
        spans = (
            cables.spans.indices[position],
            cables.walk.entry[position],
            cables.walk.exit_[position],
        )
    span, entry, exit_ = (_small(column) for column in spans)
    return np.column_stack([*nodes, ptr[:-1], ptr[1:]]), (span, entry, exit_)


def _with_chains(
    reduced: Contraction, steps: Steps, brief: Csr, homes: Csr
) -> tuple[Steps, Csr, Csr]:
    """Put chains of spans behind the spans, each as an edge of several."""
    chains, edges = reduced.edges, reduced.edges.values
    u, v = (reduced.node_of[ends] for ends in (reduced.graph.edge_u, reduced.graph.edge_v))
    is_turned = are_turned(steps.edge[edges, NODE_A], steps.edge[edges, NODE_B], chains.indptr, u)
    entry, exit_ = steps.entry[edges], steps.exit_[edges]
    ptr = len(steps.edge) + chains.indptr
    more = (
        np.column_stack([u, v, ptr[:-1], ptr[1:]]).astype(np.int32), steps.span[edges],
        np.where(is_turned, exit_, entry), np.where(is_turned, entry, exit_),
    )  # fmt: skip
    edge, span, entry, exit_ = (np.concatenate(both) for both in zip(steps[:4], more, strict=True))
    members = Csr(chains.indptr, edges.astype(np.int64))
    brief, homes = (
        one_below_the_other([table, unique_rows(compose(members, table))])
        for table in (brief, homes)
    )
    return steps._replace(edge=edge, span=span, entry=entry, exit_=exit_), brief, homes


def _cable_ends(audit: AuditBasis, layer: SearchLayer) -> tuple[_Numbers, _Numbers]:
    """Return the element of each edge's cable, and the places at its ends; -1 on spans."""
    if layer.name == "spans":
        nowhere = np.full(len(layer.item), -1, dtype=np.int32)
        return nowhere, np.stack([nowhere, nowhere])
    cables = audit.network.cables
    ends = np.stack([cables.a[layer.item], cables.b[layer.item]])
    return _small(layer.item + audit.network.elements.offset["cables"]), _small(ends)


def _things(audit: AuditBasis) -> Things:
    """Return the elements and risk groups, and what spans and places bring along."""
    network, elements = audit.network, audit.network.elements
    spans, places, first = network.spans, network.places, elements.offset["places"]
    values, owners = elements.of_span.indices, elements.of_span.owners
    is_place = (values >= first) & (values < first + len(places))
    of_span = csr_of_pairs(owners[~is_place], values[~is_place], len(elements.of_span))
    groups = audit.risks.of_element
    n_groups = len(audit.kind) - len(elements)
    ends = np.append(groups.indptr, np.full(n_groups, groups.indptr[-1]))
    home = np.append(elements.home, np.full(n_groups, -1))
    building = np.where(places.building >= 0, places.building + elements.offset["buildings"], -1)
    here = np.arange(len(places)) + first
    unknown = np.array([[-1, -1, -1]])  # so that the unknown place -1 stands in no building
    place = np.concatenate([np.column_stack([here, places.home, building]), unknown])
    return Things(
        _small(np.column_stack([home, ends[:-1], ends[1:], TOLERABLE[audit.kind]])),
        of_span.indptr,
        _small(of_span.indices),
        np.where(spans.is_measured, spans.length_m, np.inf),
        _small(place),
        _small(groups.indices + len(elements)),
        float(audit.rules.entry_tolerance_m),
    )


def _renumbered(things: Things, element_of: _Numbers, number_of: _Numbers) -> Things:
    element, building, of_building = things.place.T
    return things._replace(
        element=things.element[element_of],
        span_element=number_of[things.span_element],
        place=np.column_stack(
            [_numbers(number_of, element), building, _numbers(number_of, of_building)]
        ),
        group=number_of[things.group],
    )


def _numbers(number_of: _Numbers, elements: _Numbers) -> _Numbers:
    """Return the number of each element, -1 for none."""
    return np.append(number_of, np.int32(-1))[elements]


def _brief(steps: Steps, things: Things, ptr: Ints, touched: _Numbers) -> tuple[Csr, Csr]:
    """Return what of each edge two routes can share that have no node of it in common.

    That is what is touched by edges which do not all meet in one node. Besides, the buildings that
    anything on the edge stands in.
    """
    n_edges, n_elements = len(ptr) - 1, len(things.element)
    edge = np.repeat(np.arange(n_edges), np.diff(ptr))
    nodes = steps.edge[edge][:, [NODE_A, NODE_B]].T.ravel().astype(np.int64)
    keys, sizes = np.unique(np.tile(touched.astype(np.int64), 2) << 32 | nodes, return_counts=True)
    of_element = keys >> 32  # ascending
    first = np.flatnonzero(np.append(True, of_element[1:] != of_element[:-1])[: len(keys)])
    at_one_node = np.zeros(n_elements, dtype=np.int64)
    at_one_node[of_element[first]] = np.maximum.reduceat(sizes, first) if len(first) else 0
    is_kept = at_one_node[touched] < np.bincount(touched, minlength=n_elements)[touched]
    kept = csr_of_pairs(edge[is_kept], touched[is_kept].astype(np.int64), n_edges)
    home = things.element[touched, 0]
    homes = csr_of_pairs(edge[home >= 0], home[home >= 0].astype(np.int64), n_edges)
    return kept, unique_rows(homes)


def _small(numbers: Ints | _Numbers) -> _Numbers:
    return np.ascontiguousarray(numbers, dtype=np.int32)
