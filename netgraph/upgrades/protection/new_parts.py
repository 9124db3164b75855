"""What a build becomes in the tables: a span, or for a lead-in an entrance with two spans."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import shapely

from netgraph.upgrades.routing import NewEntrance, NewSpan

if TYPE_CHECKING:
    from netgraph.upgrades.protection.model import ProtectionModel

#: The new entrance stands so far from the middle of the building, at most half-way [D].
_DOOR_M = 10.0


class NewParts(NamedTuple):
    """Spans in order from the first end of the build, and the entrance between them."""

    spans: tuple[NewSpan, ...]
    entrance: NewEntrance | None = None


def new_parts(model: ProtectionModel, build: int) -> NewParts:
    """Give the rows-to-be of a build (number among the builds)."""
    builds, ids = model.builds, model.audit.network.places.ids
    name = f"new-{builds.ids[build]}"
    whole = NewSpan(
        id=name,
        from_id=str(ids[builds.a[build]]),
        to_id=str(ids[builds.b[build]]),
        medium=str(builds.medium[build]),
        length_m=float(builds.length_m[build]),
        corridor_id="" if builds.is_generated[build] else str(builds.ids[build]),
        trench_id=f"trench-{name}",
        cost_yuan=float(builds.plant_yuan[build]),
        is_generated=bool(builds.is_generated[build]),
        geometry=builds.geometry[build],
    )
    if not builds.is_lead_in[build]:
        return NewParts((whole,))
    share = min(_DOOR_M / whole.length_m, 0.5)
    # Candidates of this kind are made of coordinates, so that there is always a line.
    line = builds.geometry[build]
    door = line.interpolate(share, normalized=True)
    entrance = NewEntrance(
        f"E-{name}", whole.from_id, float(door.x), float(door.y), model.entrance_yuan
    )
    start, end = (shapely.Point(xy) for xy in (line.coords[0], line.coords[-1]))
    return NewParts(
        (
            _part(whole, "a", (whole.from_id, entrance.id), (start, door), share),
            _part(whole, "b", (entrance.id, whole.to_id), (door, end), 1.0 - share),
        ),
        entrance,
    )


def _part(
    whole: NewSpan, mark: str, ends: tuple[str, str],
    points: tuple[shapely.Point, shapely.Point], share: float,
) -> NewSpan:  # fmt: skip
    name = f"{whole.id}-{mark}"
    cost = None if whole.cost_yuan is None else whole.cost_yuan * share
    return NewSpan(
        id=name, from_id=ends[0], to_id=ends[1], medium=whole.medium,
        length_m=whole.length_m * share, trench_id=f"trench-{name}", cost_yuan=cost,
        is_generated=True, geometry=shapely.LineString(points),
    )  # fmt: skip
