"""Plant with risk groups: tables of their members, and small drawn networks that have some."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    Member = tuple[str, str, str]  # risk, table, element


def risk_tables(
    members: Sequence[Member], *, unrecorded: Sequence[str] = ()
) -> dict[str, dict[str, list[str]]]:
    """Tables of risk groups with their members; some groups have no row of their own."""
    groups = sorted({risk for risk, _, _ in members} - set(unrecorded))
    return {
        "risk_groups": {
            "id": groups, "kind": ["flood_zone"] * len(groups), "name": [""] * len(groups)
        },
        "risk_members": {
            "risk_id": [risk for risk, _, _ in members],
            "table": [table for _, table, _ in members],
            "element_id": [element for _, _, element in members],
        },
    }  # fmt: skip


@st.composite
def risky_plants(draw, risks: Sequence[str], *, most: int, lost: Sequence[tuple[str, str]] = ()):
    """Names of up to six nodes, spans between them, and up to `most` members of risks.

    `lost` are tables and ids that no table has, and that members may name.
    """
    size = draw(st.integers(3, 6))
    names = [f"N{number}" for number in range(size)]
    pairs = list(itertools.combinations(names, 2))
    ends = draw(st.lists(st.sampled_from(pairs), min_size=2, max_size=10, unique=True))
    spans = [
        (f"{a} {b}", a, b, {"length_m": float(draw(st.integers(1, 9)))}) for a, b in sorted(ends)
    ]
    elements = [("spans", f"{a} {b}") for a, b in ends] + [("structures", name) for name in names]
    member = st.tuples(st.sampled_from(risks), st.sampled_from([*elements, *lost]))
    members = draw(st.lists(member, min_size=1, max_size=most, unique=True))
    return names, spans, [(risk, *element) for risk, element in members]
