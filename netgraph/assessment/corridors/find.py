"""Which metres of a network run close to another one: from two networks to rows and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from netgraph.assessment.corridors.drawing import corridor_drawing
from netgraph.diversity.geometry import shared_corridors as measure_lines
from netgraph.diversity.plant.lines import BASES, plant_lines
from netgraph.errors import UsageError
from netgraph.messages import Message, default_language, say_here
from netgraph.report.maps.corridor_map import draw_corridor_map
from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netgraph.diversity.geometry import SharedCorridors
    from netgraph.diversity.plant.lines import PlantLines
    from netgraph.inventory.plant import PlantNetwork

_NONE = BASES.index("none")
_MOST_SHOWN, _LETTERS = 10, 60  # rows, and letters of a list of ids, in a notebook
_DATE_LINE_DEG, _POLE_DEG, _M_PER_DEGREE = 150.0, 80.0, 110_000.0


@dataclass(frozen=True)
class CorridorRow:
    """One span of the first network.

    Attributes
    ----------
    span_id
        Its id.
    length_m, shared_m
        Metres of its line, and those within the distance of any line of the other network, each
        once; None for a span that is left out or whose place is not known.
    other_span_ids
        Spans of the other network that it runs close to, sorted, with ``;`` between them.
    geometry
        The weakest of the lines that the figures rest on, its own and those of the other spans:
        ``recorded``, ``doubtful`` (drawn, but ending far from the nodes that the span names),
        ``assumed`` (straight between two nodes), ``none``.
    left_out
        Why the span is not measured; empty if it is.
    """

    span_id: str
    length_m: float | None
    shared_m: float | None
    other_span_ids: str
    geometry: str
    left_out: str


@dataclass(frozen=True)
class CorridorSummary:
    """Sums over the spans of the first network; metres.

    Attributes
    ----------
    total_m, shared_m
        All metres measured, and those that are shared.
    assumed_m, assumed_shared_m, doubtful_m, doubtful_shared_m
        The part of both that rests on such lines (see :class:`CorridorRow`).
    within_m
        Distance up to which a corridor counts as shared.
    spans, spans_measured, spans_shared
        Of the first network.
    other_spans, other_spans_measured
        Of the second: what is not measured there could share more.
    """

    total_m: float
    shared_m: float
    assumed_m: float
    assumed_shared_m: float
    doubtful_m: float
    doubtful_shared_m: float
    within_m: float
    spans: int
    spans_measured: int
    spans_shared: int
    other_spans: int
    other_spans_measured: int


@dataclass(frozen=True, eq=False)
class Corridors:
    """What a first network shares with a second.

    Attributes
    ----------
    network, other
        The two networks.
    rows
        One for every span of the first, in the order of its file.
    summary
        The sums.
    measured
        The lines, and the shared stretches of each: for a map.
    """

    network: PlantNetwork
    other: PlantNetwork
    rows: tuple[CorridorRow, ...] = field(repr=False)
    summary: CorridorSummary
    measured: SharedCorridors = field(repr=False)

    @property
    def corridors(self) -> pd.DataFrame:
        """The rows as a table, most shared metres first; the columns of corridors.csv."""
        columns = list(CorridorRow.__dataclass_fields__)
        table = pd.DataFrame([vars(row) for row in self.rows], columns=columns)
        return table.sort_values(["shared_m", "span_id"], ascending=[False, True], kind="stable")

    def plot(self, ax: Axes | None = None, *, lang: str | None = None) -> Axes:
        """Draw both networks, the shared stretches thick.

        Parameters
        ----------
        ax
            Where to draw; a new figure when omitted.
        lang
            "zh" or "en"; the language of the locale when omitted.

        Returns
        -------
        matplotlib.axes.Axes
        """
        return draw_corridor_map(corridor_drawing(self, lang or default_language()), ax)

    def _repr_html_(self) -> str:
        """Both lengths in one line and the spans that share most, for notebooks."""
        s = self.summary
        told = Message(
            "{0} / {1}: {2:,.1f} of {3:,.1f} km within {4:g} m; {5} of {6} spans",
            self.network.name or Message("network"), self.other.name or Message("other network"),
            s.shared_m / M_PER_KM, s.total_m / M_PER_KM, s.within_m, s.spans_shared,
            s.spans_measured,
        )  # fmt: skip
        table = self.corridors.head(_MOST_SHOWN)
        ids = [
            shorten(each.replace(";", " "), _LETTERS, placeholder=" …")
            for each in table["other_span_ids"]
        ]
        return f"<p>{escape(say_here(told))}</p>" + table.assign(other_span_ids=ids).to_html(
            index=False, na_rep="", float_format="{:,.1f}".format
        )


def shared_corridors(network: PlantNetwork, other: PlantNetwork, within_m: float) -> Corridors:
    """Measure how much of each span of a network lies close to another network.

    Exact unions of intervals: each metre counts once, however many other spans are near, and a
    crossing counts with the metres that lie within the distance. Lengths are geodesic to 0.01 %
    (metres of the plane for planar networks).

    Parameters
    ----------
    network, other
        Nodes and spans. Spans that are not in service or that repeat another row are left out of
        both. A span without a drawn line is measured along the straight line between its nodes
        and marked ``assumed``.
    within_m
        Distance in metres; what lies exactly at it is shared.

    Returns
    -------
    Corridors
        A row for every span of `network`.

    Raises
    ------
    UsageError
        The distance is not positive, or one network is in degrees and the other in a plane.
    """
    if network.is_planar != other.is_planar:
        flat = network if network.is_planar else other
        message = Message(
            "The network {0!r} has plane coordinates and the other one longitudes and"
            " latitudes: they cannot be laid over one another. State the reference "
            "system of the plane in its file, or convert it to degrees.",
            flat.name,
        )
        raise UsageError(message)
    ours, theirs = plant_lines(network), plant_lines(other)
    lines = ours.standing_geometry
    near = _without_far(lines, theirs.standing_geometry, within_m, planar=network.is_planar)
    measured = measure_lines(lines, near, within_m, planar=network.is_planar)
    rows = tuple(_row(network, other, ours, theirs, measured, k) for k in range(len(measured)))
    return Corridors(network, other, rows, _summary(rows, other, theirs, within_m), measured)


def _without_far(
    lines: NDArray[np.object_], others: NDArray[np.object_], within_m: float, *, planar: bool
) -> NDArray[np.object_]:
    """Drop the other network's lines that cannot be near: the plane is laid through the rest.

    A plane through two continents would measure neither well. Near the date line, where boxes
    of degrees say nothing, all are kept.
    """
    box, boxes = shapely.total_bounds(lines), shapely.bounds(others)
    reach = np.full(2, within_m)
    if not planar:
        widest = max(abs(box[1]), abs(box[3]))
        if not max(abs(box[0]), abs(box[2])) < _DATE_LINE_DEG or not widest < _POLE_DEG:
            return others
        degrees = 2.0 * within_m / _M_PER_DEGREE  # twice: a box may be too large, never too small
        reach = np.array([degrees / np.cos(np.radians(widest)), degrees])
    far = (boxes[:, :2] > box[2:] + reach).any(axis=1) | (boxes[:, 2:] < box[:2] - reach).any(
        axis=1
    )
    near = others.copy()
    near[far] = None
    return near


def _row(
    network: PlantNetwork,
    other: PlantNetwork,
    ours: PlantLines,
    theirs: PlantLines,
    measured: SharedCorridors,
    number: int,
) -> CorridorRow:
    others = list(measured.others_of(number))
    length_m = float(measured.length_m[number])
    is_measured = bool(np.isfinite(length_m))
    weakest = max([int(ours.basis[number]), *theirs.basis[others].tolist()])
    return CorridorRow(
        span_id=str(network.spans.ids[number]),
        length_m=length_m if is_measured else None,
        shared_m=float(measured.shared_m[number]) if is_measured else None,
        other_span_ids=";".join(sorted(map(str, other.spans.ids[others]))),
        geometry=BASES[weakest],
        left_out="" if is_measured else _why_left_out(network, ours, number),
    )


def _why_left_out(network: PlantNetwork, lines: PlantLines, number: int) -> str:
    if lines.is_standing[number]:
        return "no line, and its nodes are not both located"
    return str(network.spans.unused_reasons[number]) or "not in service"


def _summary(
    rows: tuple[CorridorRow, ...], other: PlantNetwork, theirs: PlantLines, within_m: float
) -> CorridorSummary:
    def metres(name: str, basis: str = "") -> float:
        chosen = [row for row in rows if basis in ("", row.geometry)]
        return round(sum((float(getattr(row, name) or 0.0) for row in chosen), 0.0), 3)

    return CorridorSummary(
        total_m=metres("length_m"),
        shared_m=metres("shared_m"),
        assumed_m=metres("length_m", "assumed"),
        assumed_shared_m=metres("shared_m", "assumed"),
        doubtful_m=metres("length_m", "doubtful"),
        doubtful_shared_m=metres("shared_m", "doubtful"),
        within_m=float(within_m),
        spans=len(rows),
        spans_measured=sum(row.length_m is not None for row in rows),
        spans_shared=sum(bool(row.other_span_ids) for row in rows),
        other_spans=len(other.spans),
        other_spans_measured=int((theirs.is_standing & (theirs.basis < _NONE)).sum()),
    )
