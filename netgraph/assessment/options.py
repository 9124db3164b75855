"""What a run of `assess` can be told."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from netgraph.diversity.availability import Rates, load_rates
from netgraph.diversity.rules import Rules, load_rules
from netgraph.inventory.hazard_areas import KIND_COLUMN, HazardAreas
from netgraph.messages import default_language
from netgraph.scoring import Scorecard, load_scorecard

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from netgraph.diversity.achievable.objective import Objective


@dataclass(frozen=True)
class Options:
    """Options of an assessment.

    Attributes
    ----------
    rules, card, rates
        Thresholds and requirements; the scorecard; failure rates, repair times and targets.
    as_of
        Date for ages, instead of the inventory's snapshot date.
    search_seconds
        Time for the searches that may be exponential; 0 is unlimited. What is open then is
        `unproven`.
    lang
        Language of reasons and of all that is written, "en" or "zh"; that of the variable
        NETGRAPH_LANG, else of the locale, when omitted.
    hazards
        Layers of hazard areas: paths of GIS files, or what :func:`read_hazard_areas` gave. What
        an area touches fails together: it is a risk group like the recorded ones.
    radius_m
        Radius of regional failures, metres; None for none. Routes that one disk can hit away from
        their ends are told, but keep their level.
    objective
        What the best pair of today's plant shares least of where it must share something: `risks`,
        `metres` or `outage` (expected minutes a year by the rates).
    hazard_kind
        Column of these layers that tells flood, landslide, seismic and other areas apart.
    """

    rules: Rules = field(default_factory=load_rules)
    card: Scorecard = field(default_factory=load_scorecard)
    rates: Rates = field(default_factory=load_rates)
    as_of: date | None = None
    search_seconds: float = 3.0
    lang: str = field(default_factory=default_language)
    hazards: tuple[str | Path | HazardAreas, ...] = ()
    hazard_kind: str = KIND_COLUMN
    radius_m: float | None = None
    objective: Objective = "risks"

    def as_record(self) -> dict[str, object]:
        """Give the options as plain values for run.json."""
        rules = asdict(self.rules)
        rules["required"] = {tier: level or "" for tier, level in self.rules.required.items()}
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "search_seconds": self.search_seconds,
            "objective": self.objective,
            "lang": self.lang,
            "hazards": [
                each.source.path if isinstance(each, HazardAreas) else str(each)
                for each in self.hazards
            ],
            "hazard_kind": self.hazard_kind,
            "radius_m": self.radius_m,
            "rules": rules,
            "rates": asdict(self.rates),
        }
