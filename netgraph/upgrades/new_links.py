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
    from netgraph.upgrades.shared_cables import Section, SharedCables


@dataclass(frozen=True)
class NewCable:
    """Rows and quantities of one new cable; several links may run in it."""

    cable_id: str
    ends: tuple[str, str]
    quantities: Mapping[str, float]
    additions: tuple[Addition, ...]
    increases: tuple[Increase, ...]
    survey: tuple[Survey, ...]
    cores: int
    geometry: tuple[LineString, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class NewLink:
    """Rows and quantities of one new link, and the new cables that it runs in.

    Attributes
    ----------
    called
        The same however its cables are cut: works are named by it.
    ends
        What it ends on.
    quantities
        Price name to pieces; the cables apart.
    """

    link_id: str
    called: str
    ends: tuple[str, str]
    quantities: Mapping[str, float]
    additions: tuple[Addition, ...]
    increases: tuple[Increase, ...]
    survey: tuple[Survey, ...]
    cables: tuple[NewCable, ...] = ()


class LinkMaker:
    """Makes links along hops; the same hop gives the same link, in either direction."""

    def __init__(self, network: LayeredNetwork, prices: Prices, settings: Settings) -> None:
        self._network, self._settings = network, settings
        self._survey = (Survey.DEFAULT_PRICE,) if prices.is_default else ()
        self._made: dict[tuple[Strand, int, int], NewCable] = {}

    def make(self, hop: Hop, shared: SharedCables) -> NewLink:
        """Make the link of a hop (written in order), its new cables cut as they are shared."""
        increases: list[Increase] = []
        named, carriers, laid = [], [], list[NewCable]()
        for strand in hop.strands:
            if strand.cable:
                named.append(strand.cable)
                carriers.append(strand.cable)
                increases.append(
                    Increase("cables", strand.cable, "cores_used", self._settings.cores_per_link)
                )
                continue
            named.append(stable_id("F", strand.entry, strand.exit_, *strand.spans))
            sections = [self._cable(section) for section in shared.cut(hop, strand)]
            carriers += [cable.cable_id for cable in sections]
            laid += sections
        ends = (hop.from_end, hop.to_end)
        name = stable_id("L", *ends, *carriers)
        return NewLink(
            link_id=name,
            called=stable_id("L", *ends, *named),
            ends=ends,
            quantities={"patching": len(carriers)},
            additions=tuple(self._link_rows(name, ends, carriers)),
            increases=tuple(increases),
            survey=self._survey,
            cables=tuple(laid),
        )

    def _cable(self, section: Section) -> NewCable:
        key = (section.strand, section.n_links, section.number)
        if key not in self._made:
            self._made[key] = self._lay_cable(*key)
        return self._made[key]

    def _lay_cable(self, strand: Strand, n_links: int, number: int) -> NewCable:
        # Another number of links is another row: it must not bear the same id.
        name = stable_id("F", strand.entry, strand.exit_, *strand.spans, str(n_links), str(number))
        survey = dict.fromkeys(self._survey)
        metres = self._lay(strand.spans, survey)
        return NewCable(
            cable_id=name,
            ends=(strand.entry, strand.exit_),
            quantities={price: round(amount, 3) for price, amount in metres.items()},
            additions=tuple(self._cable_rows(name, strand, n_links)),
            increases=tuple(self._bores(strand.spans)),
            survey=tuple(survey),
            cores=self._settings.new_cable_cores,
            geometry=self._lines(strand.spans),
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

    def _cable_rows(self, cable: str, strand: Strand, n_links: int) -> list[Addition]:
        """Rows of a cable; all links that may run in it count as using it."""
        cores = float(self._settings.new_cable_cores)
        rows = [Addition("cables", {
            "id": cable, "from_id": strand.entry, "to_id": strand.exit_, "cores_total": cores,
            "cores_used": float(n_links * self._settings.cores_per_link), "cores_bad": 0.0,
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


def add_up(parts: Sequence[NewLink | NewCable]) -> dict[str, float]:
    """Quantities of several links and cables together."""
    total: dict[str, float] = {}
    for part in parts:
        for name, amount in part.quantities.items():
            total[name] = round(total.get(name, 0.0) + amount, 3)
    return total
