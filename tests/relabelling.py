"""The same inventory under other ids, its rows in another order; and back again."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builders import PlantBuilder

#: Columns that hold ids of rows, and of tables that are not there.
ID_COLUMNS = {
    "id", "from_id", "to_id", "location_id", "room_id", "a_id", "b_id", "b2_id", "cable_id",
    "span_id", "link_id", "carrier_id", "circuit_id", "system_id", "trench_id", "building_id",
    "group_id", "risk_id", "element_id", "segment",
}  # fmt: skip
_FRESH = re.compile(r"n\d+n")
_SORTED = ("ends", "apart", "sites", "routes_to")


def relabelled(plan: PlantBuilder, seed: int) -> tuple[PlantBuilder, dict[str, str]]:
    """A copy with fresh ids and shuffled rows, and the old id of each new one."""
    draw = random.Random(seed)
    old = sorted({
        row[key]
        for rows in plan.rows.values()
        for row in rows
        for key in row.keys() & ID_COLUMNS
        if row[key]
    })  # fmt: skip
    fresh = [f"n{number}n" for number in range(len(old))]
    draw.shuffle(fresh)
    new = dict(zip(old, fresh, strict=True))
    other = plan.copy()
    for rows in other.rows.values():
        draw.shuffle(rows)
        for row in rows:
            row.update({key: new.get(row[key], row[key]) for key in row.keys() & ID_COLUMNS})
            if "name" in row:
                row["name"] = f"another {row['name']}"
    return other, dict(zip(fresh, old, strict=True))


def as_before(value: Any, names: Mapping[str, str]) -> Any:
    """Plain values (of a certificate, of a table) with the old ids for the new ones."""
    if isinstance(value, dict):
        told = {key: as_before(each, names) for key, each in value.items()}
        if "routes_to" in told:
            told["routes_to"] = [sorted(ends) for ends in told["routes_to"]]
        return told | {key: sorted(told[key]) for key in _SORTED if key in told}
    if isinstance(value, list | tuple):
        return [as_before(each, names) for each in value]
    if not isinstance(value, str):
        return value
    table, colon, id_ = _FRESH.sub(lambda found: names[found[0]], value).partition(":")
    return table + colon + ("~".join(sorted(id_.split("~"))) if table == "suspected" else id_)
