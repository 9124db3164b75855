"""New links: on spare cores of existing cables, and on new cables in spans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.hazards import stable_id
from netgraph.upgrades.action import Addition, Increase, Survey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely import LineString

    from netgraph.topology import LayeredNetwork
    from netgraph.upgrades.hops import Hop, Strand
    from netgraph.upgrades.prices import Prices
    from netgraph.upgrades.settings import Settings


@dataclass(frozen=True)
class NewLink:
    """Rows and quantities of one new link.

    Attributes
    ----------
    ends
        What it ends on.
    quantities
        Price name to metres or pieces.
    cores
        Cores of the new cables, None where it needs none.
    """

    link_id: str
    ends: tuple[str, str]
    quantities: Mapping[str, float]
    additions: tuple[Addition, ...]
    increases: tuple[Increase, ...]
    survey: tuple[Survey, ...]
    cores: int | None = None
    geometry: tuple[LineString, ...] = field(default=(), repr=False)


class LinkMaker:
    """Makes links along hops; the same hop gives the same link, in either direction."""

    def __init__(self, network: LayeredNetwork, prices: Prices, settings: Settings) -> None:
        self._network, self._settings = network, settings
        self._survey = (Survey.DEFAULT_PRICE,) if prices.is_default else ()

    def make(self, hop: Hop) -> NewLink:
        """Make the link of a hop."""
        ends, strands = (hop.from_end, hop.to_end), hop.strands
        if ends[0] > ends[1]:
            ends = (ends[1], ends[0])
            strands = tuple(_turned(strand) for strand in reversed(strands))
        rows: list[Addition] = []
        increases: list[Increase] = []
        quantities: dict[str, float] = {"patching": len(strands)}
        survey = dict.fromkeys(self._survey)
        cables = []
        for strand in strands:
            if strand.cable:
                cables.append(strand.cable)
                increases.append(
                    Increase("cables", strand.cable, "cores_used", self._settings.cores_per_link)
                )
                continue
            cable = stable_id("F", strand.entry, strand.exit_, *strand.spans)
            cables.append(cable)
            rows += self._cable_rows(cable, strand)
            increases += self._bores(strand.spans)
            for name, metres in self._lay(strand.spans, survey).items():
                quantities[name] = round(quantities.get(name, 0.0) + metres, 3)
        name = stable_id("L", *ends, *cables)
        has_new = any(not strand.cable for strand in strands)
        return NewLink(
            link_id=name,
            ends=ends,
            quantities=quantities,
            additions=(*rows, *self._link_rows(name, ends, cables)),
            increases=tuple(increases),
            survey=tuple(survey),
            cores=self._settings.new_cable_cores if has_new else None,
            geometry=self._lines([span for strand in strands for span in strand.spans]),
        )

    def _link_rows(self, name: str, ends: tuple[str, str], cables: Sequence[str]) -> list[Addition]:
        rows = [Addition("links", {
            "id": name, "from_id": ends[0], "to_id": ends[1], "medium": "fibre",
            "protection": self._settings.link_protection, "owner": "operator",
            "status": "in_service", "system_id": self._system(ends),
        })]  # fmt: skip
        rows += [
            Addition("link_cables", {"link_id": name, "seq": float(seq), "cable_id": cable})
            for seq, cable in enumerate(cables, start=1)
        ]
        return rows

    def _system(self, ends: tuple[str, str]) -> str:
        """System that a new link joins: that of a device that it ends on, or of its links."""
        equipment, links = self._network.equipment, self._network.links
        for end in ends:
            device = equipment.index.find(end)
            if device is None:
                continue
            here = (links.a_equipment == device) | (links.b_equipment == device)
            systems = [int(equipment.system[device])] if equipment.system[device] >= 0 else []
            systems = systems or links.system[here & (links.system >= 0)].tolist()
            if systems:
                most = max(sorted(set(systems)), key=systems.count)
                return str(equipment.system_ids[most])
        return ""

    def _cable_rows(self, cable: str, strand: Strand) -> list[Addition]:
        cores = float(self._settings.new_cable_cores)
        rows = [Addition("cables", {
            "id": cable, "from_id": strand.entry, "to_id": strand.exit_, "cores_total": cores,
            "cores_used": float(self._settings.cores_per_link), "cores_bad": 0.0,
            "owner": "operator", "status": "in_service",
        })]  # fmt: skip
        rows += [
            Addition("cable_spans", {"cable_id": cable, "seq": float(seq), "span_id": span})
            for seq, span in enumerate(strand.spans, start=1)
        ]
        return rows

    def _lay(self, spans: Sequence[str], survey: dict[Survey, None]) -> dict[str, float]:
        """Metres of cable by price name; what is not certain about them goes to `survey`."""
        table = self._network.spans
        metres = {"cable_in_duct": 0.0, "cable_aerial": 0.0}
        for row in table.index.positions(np.array(spans, dtype=object)).tolist():
            medium = str(table.medium[row])
            if medium == "duct" and np.isnan(table.free_bores[row]):
                survey[Survey.BORES_NOT_RECORDED] = None
            if not table.is_measured[row]:
                survey[Survey.LENGTH_ASSUMED] = None
            price = "cable_aerial" if medium == "pole_line" else "cable_in_duct"
            metres[price] += float(np.nan_to_num(table.length_m[row]))
        return {name: amount for name, amount in metres.items() if amount}

    def _bores(self, spans: Sequence[str]) -> list[Increase]:
        """One bore more in use, where bores are recorded."""
        table = self._network.spans
        names = np.array(list(dict.fromkeys(spans)), dtype=object)
        rows = table.index.positions(names).tolist()
        return [
            Increase("spans", str(table.ids[row]), "bores_used", 1)
            for row in rows
            if not np.isnan(table.free_bores[row])
        ]

    def _lines(self, spans: Sequence[str]) -> tuple[LineString, ...]:
        table = self._network.spans
        rows = table.index.positions(np.array(spans, dtype=object)).tolist()
        found = [table.geometry[row] for row in rows]
        return tuple(line for line in found if line is not None)


def add_up(made: Sequence[NewLink]) -> dict[str, float]:
    """Quantities of several links together."""
    total: dict[str, float] = {}
    for link in made:
        for name, amount in link.quantities.items():
            total[name] = round(total.get(name, 0.0) + amount, 3)
    return total


def _turned(strand: Strand) -> Strand:
    return type(strand)(strand.cable, strand.spans[::-1], strand.exit_, strand.entry)
