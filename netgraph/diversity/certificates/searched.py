"""Certificates of what today's plant could give: pairs, separating risks, records that lack."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable.find import UNPROVEN as NOT_PROVEN
from netgraph.diversity.certificates.doubt import find_way_round
from netgraph.diversity.certificates.metres import Metres, claimed
from netgraph.diversity.certificates.value import (
    MISSING,
    PAIR,
    PROVEN_BY_SEARCH,
    SEPARATING_RISK,
    UNPROVEN,
    Certificate,
    CertifiedRoute,
    Claim,
)
from netgraph.diversity.levels import Level, worst
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netgraph.diversity.achievable.find import Achievable, LayerAnswer
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.certificates.names import Names
    from netgraph.diversity.certificates.ways import Steps

_PASSING = (Level.DIVERSE.value, Level.SEPARATED.value)


def certify_searched(
    audit: Audit, achievable: Achievable, names: Names, steps: Steps
) -> Iterator[Certificate]:
    """Certify every answer of a search, and each separating risk once for all sites behind it."""
    for name, answers in achievable.answers.items():
        layer = achievable.layers[name]
        writer = _Writer(audit, layer, names, steps)
        parted: dict[tuple[_Asked, str], list[str]] = defaultdict(list)
        for place, demands in answers.items():
            for answer in demands:
                for element in answer.unavoidable:
                    parted[writer.asked(answer), writer.risk(element)].append(writer.site(place))
        for (asked, risk), sites in parted.items():
            yield Certificate(
                kind=SEPARATING_RISK, question=name, subject=risk, **asked._asdict(),
                risk=risk, sites=tuple(dict.fromkeys(sites)),
            )  # fmt: skip
        for place, demands in answers.items():
            for answer in demands:
                yield from writer.certify(place, answer)


class _Asked(NamedTuple):
    """What an answer was asked for, by id: see :class:`Certificate`."""

    ends: tuple[str, ...]
    apart: tuple[str, ...]
    routes_to: tuple[tuple[str, ...], ...]


class _Writer:
    """Writes the certificates of one layer."""

    def __init__(self, audit: Audit, layer: SearchLayer, names: Names, steps: Steps) -> None:
        self._audit, self._layer, self._names, self._steps = audit, layer, names, steps
        self._node = layer.node_of_place.tolist()
        self._ids = getattr(audit.network, layer.name).ids.tolist()
        self._metres = Metres(audit)

    def site(self, place: int) -> str:
        """Id of a site."""
        return str(self._audit.network.places.ids[place])

    def sites(self, places: Iterable[int]) -> tuple[str, ...]:
        """Ids of sites or offices, sorted."""
        return tuple(sorted(self.site(place) for place in places))

    def asked(self, answer: LayerAnswer) -> _Asked:
        """Name what an answer was asked for."""
        routes_to = sorted(self.sites(ends) for ends in answer.routes_to)
        return _Asked(self.sites(answer.b_ends), self.sites(answer.parted), tuple(routes_to))

    def risk(self, element: int) -> str:
        """Name of a separating risk; what stands in a building fails with it."""
        places = self._audit.network.places
        place = element - self._audit.network.elements.offset["places"]
        if 0 <= place < len(places) and places.building[place] >= 0:
            return self._names.of("buildings", int(places.building[place]))
        return self._names.element(element)

    def certify(self, place: int, answer: LayerAnswer) -> Iterator[Certificate]:
        """Certify one answer."""
        if answer.is_connected:
            yield self._pair(place, answer)
        level = answer.level
        if level == NOT_PROVEN:
            yield self._about(place, answer, UNPROVEN, search=answer.search)
        elif level == Level.UNDECIDABLE.value:
            yield self._doubtful(place, answer)
        elif level not in _PASSING and answer.is_disjoint_otherwise is False:
            yield self._about(place, answer, PROVEN_BY_SEARCH, search=answer.search)

    def _about(self, place: int, answer: LayerAnswer, kind: str, **stated: object) -> Certificate:
        site = self.site(place)
        return Certificate(
            kind=kind, question=self._layer.name, subject=f"sites:{site}", site=site,
            verdict=answer.level, **self.asked(answer)._asdict(), **stated,  # type: ignore[arg-type]
        )  # fmt: skip

    def _doubtful(self, place: int, answer: LayerAnswer) -> Certificate:
        """Name the records that are missing, and what a route could avoid if they were there."""
        if answer.unsure:
            doubts = self._audit.network.elements.doubts
            records = {doubts[doubt].record for doubt in answer.unsure}
            return self._about(place, answer, MISSING, missing=tuple(sorted(records)))
        # An office's building, or where something lies, is in doubt: no way round would settle it.
        if answer.is_connected and not answer.shared:
            return self._about(place, answer, UNPROVEN)
        for risk in answer.unavoidable or (-1,):
            missing = find_way_round(self._audit, self._layer, place, answer.b_ends, risk)
            if missing is not None:
                avoids = self.risk(risk) if risk >= 0 else ""
                return self._about(place, answer, MISSING, missing=missing, avoids=avoids)
        if not answer.is_connected:
            return self._about(place, answer, MISSING)
        return self._about(place, answer, UNPROVEN)

    def _pair(self, place: int, answer: LayerAnswer) -> Certificate:
        audit, places, layer = self._audit, self._audit.network.places, self._layer
        walks = [self._steps.walk(layer.name, items, self._node, place) for items in answer.routes]
        metres = (self._metres.of_searched(layer.name, passed, place) for passed, _ in walks)
        ends = {int(places.home[end]) for _, end in walks}
        own = np.unique([places.home[place], *(ends if len(ends) == 1 else ())])
        shared = (*answer.shared, *answer.possible)
        level = worst(LEVEL_OF_KIND[kind] for kind in set(audit.kind[list(shared)].tolist()))
        if answer.unsure and level is None:
            level = Level.UNDECIDABLE
        return self._about(
            place, answer, PAIR,
            claim=Claim(
                level=(level or Level.DIVERSE).value,
                shared=self._names.elements(shared),
                tolerated=claimed(
                    answer.tolerated, metres, self._names, audit.rules.entry_tolerance_m
                ),
                own_ends=self._names.homes(own),
                disjoint_otherwise=answer.is_disjoint_otherwise,
                shortest=answer.is_shortest,
            ),
            routes=tuple(
                CertifiedRoute(passed=tuple([self._ids[item] for item, _ in passed]))
                for passed, _ in walks
            ),
        )  # fmt: skip
