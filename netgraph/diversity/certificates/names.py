"""Names of elements, risk groups and buildings, as the tables know them: ``table:id``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.places import PLACE_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints

_BLOCKS = ("links", "cables", "spans", "trenches", "places", "equipment", "rooms", "buildings")


class Names:
    """Names in the numberings of the audit."""

    def __init__(self, audit: Audit) -> None:
        elements, places, risks = audit.network.elements, audit.network.places, audit.risks
        starts = [elements.offset[block] for block in _BLOCKS]
        blocks = np.searchsorted(starts, np.arange(len(elements)), side="right") - 1
        tables = [_BLOCKS[block] for block in blocks.tolist()]
        first = elements.offset["places"]
        for place, kind in enumerate(places.kind.tolist()):
            tables[first + place] = PLACE_TABLES[kind]
        names = [f"{table}:{id_}" for table, id_ in zip(tables, elements.ids, strict=True)]
        self._first = elements.offset
        self._elements = [*names, *(_risk_name(audit, risk) for risk in range(len(risks)))]
        self._n_buildings = len(places.building_ids)

    def elements(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """Names of elements and risk groups, sorted."""
        return tuple(sorted(map(self._elements.__getitem__, numbers)))

    def element(self, number: int) -> str:
        """Name of one element or risk group."""
        return self._elements[number]

    def of(self, block: str, position: int) -> str:
        """Name of one row of a block."""
        return self._elements[self._first[block] + position]

    def place(self, place: int) -> str:
        """Name of a place, empty if it is not known."""
        return "" if place < 0 else self.of("places", place)

    def home(self, home: int) -> str:
        """Name of a building, or of the place that stands for one."""
        if home < self._n_buildings:
            return self.of("buildings", home)
        return self.of("places", home - self._n_buildings)

    def homes(self, homes: Ints) -> tuple[str, ...]:
        """Names of buildings, sorted."""
        return tuple(sorted(self.home(home) for home in homes.tolist()))


def _risk_name(audit: Audit, risk: int) -> str:
    """Name a risk group by its id, a suspicion by its two spans."""
    if audit.risks.is_possible[risk]:
        return f"possible:{audit.risks.ids[risk]}"
    if not audit.risks.is_suspect[risk]:
        return f"risk_groups:{audit.risks.ids[risk]}"
    spans = audit.network.elements.ids[audit.risk_members.row(risk)]
    return "suspected:" + "~".join(sorted(spans.tolist()))
