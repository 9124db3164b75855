"""Outages by throwing dice: every physical cause by itself, every circuit followed by hand.

Nothing of the formulas is used. What fails is worked out from the records with plain sets; a cause
is up, in the first hours of its repair (nobody has switched by hand yet), or in the rest of it.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

UP, FIRST, LATER = range(3)


class Simulation:
    """Causes of a network and samples of their states.

    The rates must not depend on section or tier.
    """

    def __init__(self, audit, rates, seed, samples):
        self.audit, self.network, self.rates = audit, audit.network, rates
        self.rate = {}
        self.causes_of_element = defaultdict(set)
        self._find_causes()
        draw = np.random.default_rng(seed)
        hours = rates.repair_h["gold"]["access"]
        first = min(hours, rates.manual_switch_h)
        self.state = {}
        for cause, rate in sorted(self.rate.items(), key=str):
            cycle = 8760 / rate + hours if rate else np.inf
            dice = draw.random(samples)
            self.state[cause] = np.where(
                dice < first / cycle, FIRST, np.where(dice < hours / cycle, LATER, UP)
            )

    def _add(self, element, cause, rate):
        self.causes_of_element[element].add(cause)
        self.rate[cause] = max(rate, self.rate.get(cause, 0.0))

    def _find_causes(self):
        """Note the causes that take each element down, and their rates."""
        self._plant()
        self._places()
        network, offset = self.network, self.network.elements.offset
        per_year, equipment = self.rates.per_year, network.equipment
        for i in range(len(equipment)):
            name = "device_hot_standby" if equipment.hot_standby[i] == 1 else "device"
            self._add(offset["equipment"] + i, ("device", i), per_year[name])
        for i in range(len(equipment.room_ids)):
            self._add(offset["rooms"] + i, ("room", i), per_year["room"])
        for i in np.flatnonzero(network.links.is_wireless):
            medium = network.links.medium[i]
            self._add(offset["links"] + int(i), ("hop", int(i)), per_year[medium])
        risks = self.audit.risks
        for risk in np.flatnonzero(~risks.is_suspect):
            for element in self.audit.risk_members.row(risk):
                self._add(
                    int(element), ("risk", int(risk)), self.rates.risk_rate(risks.kinds[risk])
                )

    def _trench(self, span):
        code = self.network.spans.trench[span]
        return ("trench", int(code)) if code >= 0 else ("span", span)

    def _plant(self):
        spans, start = self.network.spans, self.network.elements.offset["spans"]
        metres, shared = defaultdict(float), {}
        for i in range(len(spans)):
            factor = 1 if spans.is_measured[i] else self.rates.straight_line_factor
            metres[self._trench(i)] = max(metres[self._trench(i)], spans.length_m[i] * factor)
        for risk in np.flatnonzero(self.audit.risks.is_suspect):
            pair = {self._trench(int(e) - start) for e in self.audit.risk_members.row(risk)}
            if len(pair) == 2:
                shared[frozenset(pair)] = min(metres[one] for one in pair)
        per_m = self.rates.access_per_km_year["duct"] / 1000
        for i in range(len(spans)):
            own = self._trench(i)
            mine = {pair: length for pair, length in shared.items() if own in pair}
            rest = max(metres[own] - sum(mine.values()), 0.0)
            self._add(start + i, own, rest * per_m)
            for pair, length in mine.items():
                self._add(start + i, ("pair", tuple(sorted(map(str, pair)))), length * per_m)

    def _places(self):
        places, offset = self.network.places, self.network.elements.offset
        per_year = self.rates.per_year
        for i in range(len(places)):
            if places.kind[i] == 2:
                self._add(offset["places"] + i, ("point", i), per_year["structure"])
            else:
                home = int(places.home[i])
                self._add(offset["places"] + i, ("home", home), per_year[self._home(home)])
            self.rate["assumed device", i] = per_year["device"]
        for i in range(len(places.building_ids)):
            self._add(offset["buildings"] + i, ("home", i), per_year[self._home(i)])

    def _home(self, home):
        """Whose building it is: the operator's unless there are customers and no office in it."""
        kinds = set(self.network.places.kind[self.network.places.home == home].tolist())
        return "site" if 1 in kinds and 0 not in kinds else "building"

    def _own_causes(self, link):
        """Causes of a link and of its own ends, and of all that is on its only way."""
        links, elements = self.network.links, self.network.elements
        found = {c for e in elements.of_link.row(link) for c in self.causes_of_element[int(e)]}
        for device, place in (
            (links.a_equipment[link], links.a_place[link]),
            (links.b_equipment[link], links.b_place[link]),
        ):
            if device < 0 <= place:
                found.add(("assumed device", int(place)))
        for carrier in links.carriers.row(link):
            found |= {c for c in self._own_causes(int(carrier)) if c[0] == "assumed device"}
        return found

    def _leg_causes(self, leg):
        links, elements = self.network.links, self.network.elements
        return {
            cause
            for cable in links.leg_cables.row(leg)
            for e in elements.of_cable.row(int(cable))
            for cause in self.causes_of_element[int(e)]
        }

    def _is_up(self, causes, *, only_first=False):
        samples = len(next(iter(self.state.values())))
        result = np.ones(samples, dtype=bool)
        for cause in causes:
            result &= self.state[cause] != FIRST if only_first else self.state[cause] == UP
        return result

    def route(self, route, *, by_hand=False):
        """Whether a route is up; `by_hand`: whether no fault of it is still being switched.

        Then a link counts with its first leg alone.
        """
        links = self.network.links
        is_up = None
        for link in self.network.circuits.routes.links.row(route):
            whole = self._is_up(self._own_causes(int(link)), only_first=by_hand)
            legs = links.legs.row(int(link))
            if len(legs) > 1:
                ways = [self._is_up(self._leg_causes(int(i)), only_first=by_hand) for i in legs]
                protected = links.protection[link] not in {"", "none"} and not by_hand
                whole &= ways[0] | ways[1] if protected else ways[0]
            is_up = whole if is_up is None else is_up & whole
        return is_up

    def circuit(self, circuit, is_switched):
        """Whether a circuit is up in each sample."""
        circuits = self.network.circuits
        result = None
        for segment in circuits.segments.row(circuit):
            rows = [int(r) for r in circuits.segment_routes.row(int(segment))]
            ways = [self.route(row) for row in rows]
            is_up = np.logical_or.reduce(ways)
            same = {tuple(circuits.routes.links.row(r).tolist()) for r in rows}
            if len(same) > 1 and not is_switched[segment]:
                is_up = is_up & self.route(rows[0], by_hand=True)
            result = is_up if result is None else result & is_up
        return result

    def unit(self, unit, is_switched):
        """Whether a group is up: some circuit of it."""
        members = self.audit.units.circuits.row(unit)
        return np.logical_or.reduce([self.circuit(int(c), is_switched) for c in members])

    def failures_a_year(self, is_up_of):
        """How often a year something goes down: which cause, failing now, takes it down."""
        before = is_up_of()
        total = 0.0
        for cause, rate in self.rate.items():
            kept = self.state[cause]
            if not rate:
                continue
            self.state[cause] = np.full(len(kept), FIRST)
            goes_down = before & (kept == UP) & ~is_up_of()
            self.state[cause] = kept
            total += rate * goes_down.mean()
        return total
