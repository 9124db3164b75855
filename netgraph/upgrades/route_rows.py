"""Rows that put the circuits of a site on new routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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
    network: LayeredNetwork, wanted: Sequence[int], links: tuple[Sequence[str], Sequence[str]],
    second_home: str = "",
) -> CircuitRows:  # fmt: skip
    """Give circuits of a site (positions) a working and a protect route each.

    Circuits take turns: what works on the first route of one works on the second of the next, so
    that the services of a site are spread.

    Parameters
    ----------
    links
        Link ids of the two routes, from the site to its centre.
    second_home
        Place where the circuits may end as well from now on; "" for none.
    """
    ids = sorted(str(network.circuits.ids[c]) for c in wanted)
    values = {"protection": "path", **({"b2_id": second_home} if second_home else {})}
    additions = [
        row
        for turn, name in enumerate(ids)
        for role, route in zip(
            ("working", "protect"), links if turn % 2 == 0 else links[::-1], strict=True
        )
        for row in _route(name, role, route)
    ]
    return CircuitRows(
        tuple(Change("circuits", name, values) for name in ids),
        tuple(Removal("circuit_links", "circuit_id", name) for name in ids),
        tuple(additions),
        tuple(f"circuits:{name}" for name in ids),
    )


def moved_rows(network: LayeredNetwork, wanted: Sequence[int], links: Sequence[str]) -> CircuitRows:
    """Put circuits on one new working route: another circuit of their group backs them up."""
    ids = sorted(str(network.circuits.ids[c]) for c in wanted)
    return CircuitRows(
        tuple(Change("circuits", name, {"protection": "none"}) for name in ids),
        tuple(Removal("circuit_links", "circuit_id", name) for name in ids),
        tuple(row for name in ids for row in _route(name, "working", links)),
        tuple(f"circuits:{name}" for name in ids),
    )


def _route(circuit: str, role: str, links: Sequence[str]) -> list[Addition]:
    return [
        Addition("circuit_links", {
            "circuit_id": circuit, "role": role, "seq": float(seq), "link_id": link,
        })
        for seq, link in enumerate(links, start=1)
    ]  # fmt: skip


def join_rows(parts: Sequence[CircuitRows]) -> CircuitRows:
    """Put rows of several units together."""
    return CircuitRows(
        tuple(change for part in parts for change in part.changes),
        tuple(removal for part in parts for removal in part.removals),
        tuple(row for part in parts for row in part.additions),
        tuple(row for part in parts for row in part.evidence),
    )
