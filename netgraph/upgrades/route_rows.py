"""Rows that put the circuits of a site on new routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.upgrades.action import Addition, Change, Removal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.topology import LayeredNetwork


class CircuitRows(NamedTuple):
    """What changes in the tables circuits and circuit_links."""

    changes: tuple[Change, ...]
    removals: tuple[Removal, ...]
    additions: tuple[Addition, ...]
    evidence: tuple[str, ...]


def circuit_rows(
    network: LayeredNetwork, place: int, links: tuple[Sequence[str], Sequence[str]]
) -> CircuitRows:
    """Give every circuit of a site a working and a protect route.

    Circuits take turns: what works on the first route of one works on the second of the next, so
    that the services of a site are spread.

    Parameters
    ----------
    links
        Link ids of the two routes, from the site to its centre.
    """
    circuits = network.circuits
    ids = sorted(str(circuits.ids[c]) for c in np.flatnonzero(circuits.a == place).tolist())
    additions = [
        Addition("circuit_links", {
            "circuit_id": name, "role": role, "seq": float(seq), "link_id": link,
        })
        for turn, name in enumerate(ids)
        for role, route in zip(
            ("working", "protect"), links if turn % 2 == 0 else links[::-1], strict=True
        )
        for seq, link in enumerate(route, start=1)
    ]  # fmt: skip
    return CircuitRows(
        tuple(Change("circuits", name, {"protection": "path"}) for name in ids),
        tuple(Removal("circuit_links", "circuit_id", name) for name in ids),
        tuple(additions),
        tuple(f"circuits:{name}" for name in ids),
    )
