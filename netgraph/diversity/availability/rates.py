"""Failure rates, repair times and targets of the availability figures, read from configuration."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from netgraph.errors import InputError
from netgraph.inventory import load_schema
from netgraph.inventory.model import HAZARD_PREFIX
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

HOURS_PER_YEAR = 8760.0
MINUTES_PER_YEAR = 60.0 * HOURS_PER_YEAR

SECTIONS = ("access", "uplink", "intra_province", "inter_province")
THINGS = (
    "device", "device_hot_standby", "room", "building", "site", "structure", "radio", "cellular",
    "satellite",
)  # fmt: skip
OTHER_RISK = "other"


@dataclass(frozen=True)
class Rates:
    """What the availability figures are computed from.

    Attributes
    ----------
    access_per_km_year, backbone_per_km_year
        Failures per kilometre and year by medium: on access and uplink sections, and above.
    per_year
        Failures a year of one device, room, building, site, structure or wireless hop.
    per_risk_year
        Failures a year of an explicit risk group by its kind; "other" for kinds not named.
    per_hazard_year
        Failures a year of a hazard area by its kind; kinds not named are not counted.
    repair_h
        Hours to repair by tier and section.
    manual_switch_h
        Hours until a second route without automatic switching is in use.
    straight_line_factor
        Metres of plant per metre of straight line where no length is recorded or drawn, 1 or more;
        0 leaves such figures unknown.
    target_percent
        Availability that each tier is promised.
    """

    access_per_km_year: Mapping[str, float]
    backbone_per_km_year: Mapping[str, float]
    per_year: Mapping[str, float]
    per_risk_year: Mapping[str, float]
    per_hazard_year: Mapping[str, float]
    repair_h: Mapping[str, Mapping[str, float]]
    manual_switch_h: float
    straight_line_factor: float
    target_percent: Mapping[str, float]

    def target_minutes_year(self, tier: str) -> float:
        """Outage minutes a year that a tier's target allows; NaN for an unknown tier."""
        percent = self.target_percent.get(tier, math.nan)
        return (1.0 - percent / 100.0) * MINUTES_PER_YEAR

    def repair_hours(self, tier: str, section: str) -> float:
        """Hours to repair; of an unknown tier the longest of all tiers."""
        if tier in self.repair_h:
            return self.repair_h[tier][section]
        return max(hours[section] for hours in self.repair_h.values())

    def risk_rate(self, kind: str, group_id: str = "") -> float:
        """Failures a year of an explicit risk group or hazard area of a kind."""
        if group_id.startswith(HAZARD_PREFIX):
            return self.per_hazard_year.get(kind, 0.0)
        return self.per_risk_year.get(kind, self.per_risk_year[OTHER_RISK])


@cache
def _shipped() -> dict[str, Any]:
    """Parse the shipped rates once; whoever reads this makes values of its own of it."""
    return tomllib.loads(
        files("netgraph.diversity.availability").joinpath("rates.toml").read_text("utf-8")
    )


def load_rates(path: str | Path | None = None) -> Rates:
    """Read the rates; the shipped ones when no path is given.

    Raises
    ------
    InputError
        If the file cannot be read, or a key is missing, unknown or not a number that it may be;
        everything that is wrong is named.
    """
    name = str(path) if path is not None else "rates.toml"
    try:
        document = _shipped() if path is None else tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([Message("{0}: cannot be read as TOML ({1}).", name, error)]) from error
    reader = _Reader(name, document)
    rates = reader.rates()
    if reader.problems:
        raise InputError(reader.problems)
    return rates


class _Limit(NamedTuple):
    """What a number may be, in words and in figures."""

    words: str
    low: float
    high: float
    may_be_low: bool
    may_be_zero: bool = False

    def is_met(self, value: object) -> bool:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return False
        if self.may_be_zero and value == 0:
            return True
        if not math.isfinite(value) or value > self.high:
            return False
        return value >= self.low if self.may_be_low else value > self.low


_NOT_NEGATIVE = _Limit(Message("a number, 0 or more"), 0.0, math.inf, may_be_low=True)
_POSITIVE = _Limit(Message("a number above 0"), 0.0, math.inf, may_be_low=False)
#: No way is shorter than the straight line.
_STRETCH = _Limit(
    Message("1 or more, or 0 for no figure without a length"), 1.0, math.inf,
    may_be_low=True, may_be_zero=True,
)  # fmt: skip
_PERCENT = _Limit(Message("a percentage above 0 and at most 100"), 0.0, 100.0, may_be_low=False)


class _Reader:
    """Takes the tables out of a document and collects what is wrong with them."""

    def __init__(self, name: str, document: Mapping[str, object]) -> None:
        self.problems: list[str] = []
        self._name = name
        self._document = document

    def rates(self) -> Rates:
        media = load_schema()["spans"].columns["medium"].allowed
        tiers = load_schema()["circuits"].columns["tier"].allowed
        per_km = self._group("failures_per_km_year", ("access", "backbone"))
        repair = self._group("repair_h", tiers)
        known = {
            "failures_per_km_year", "failures_per_year", "failures_per_risk_year",
            "failures_per_hazard_year", "repair_h", "switching", "length", "target_percent",
        }  # fmt: skip
        self._refuse("", set(self._document) - known)
        things = self._document.get
        return Rates(
            access_per_km_year=self._numbers(
                "failures_per_km_year.access", per_km["access"], media, _NOT_NEGATIVE
            ),
            backbone_per_km_year=self._numbers(
                "failures_per_km_year.backbone", per_km["backbone"], media, _NOT_NEGATIVE
            ),
            per_year=self._numbers(
                "failures_per_year", things("failures_per_year"), THINGS, _NOT_NEGATIVE
            ),
            per_risk_year=self._numbers(
                "failures_per_risk_year", things("failures_per_risk_year"), (OTHER_RISK,),
                _NOT_NEGATIVE, is_open=True,
            ),
            per_hazard_year=self._numbers(
                "failures_per_hazard_year", things("failures_per_hazard_year", {}), (),
                _NOT_NEGATIVE, is_open=True,
            ),
            repair_h={
                tier: self._numbers(f"repair_h.{tier}", repair[tier], SECTIONS, _POSITIVE)
                for tier in tiers
            },
            manual_switch_h=self._one("switching", "manual_switch_h"),
            straight_line_factor=self._one("length", "straight_line_factor", _STRETCH),
            target_percent=self._numbers(
                "target_percent", things("target_percent"), tiers, _PERCENT
            ),
        )  # fmt: skip

    def _group(self, table: str, wanted: tuple[str, ...]) -> dict[str, object]:
        """Tables within a table."""
        found = self._document.get(table, {})
        inner = dict(found) if isinstance(found, dict) else {}
        self._refuse(f"{table}.", set(inner) - set(wanted))
        return {name: inner.get(name) for name in wanted}

    def _one(self, table: str, key: str, limit: _Limit = _NOT_NEGATIVE) -> float:
        return self._numbers(table, self._document.get(table), (key,), limit).get(key, 0.0)

    def _numbers(
        self, table: str, found: object, wanted: tuple[str, ...], limit: _Limit,
        *, is_open: bool = False,
    ) -> dict[str, float]:  # fmt: skip
        """One table of numbers; `is_open` allows further keys."""
        if not isinstance(found, dict):
            self.problems.append(Message("{0}: the table [{1}] is missing.", self._name, table))
            return {}
        cure = Message("; write 0 if it never happens") if limit is _NOT_NEGATIVE else ""
        self.problems += [
            Message("{0}: {1}.{2} is missing{3}.", self._name, table, key, cure)
            for key in wanted
            if key not in found
        ]
        if not is_open:
            self._refuse(f"{table}.", set(found) - set(wanted))
        self.problems += [
            Message(
                "{0}: {1}.{2} must be {3}, not {4!r}.", self._name, table, key, limit.words, value
            )
            for key, value in found.items()
            if (is_open or key in wanted) and not limit.is_met(value)
        ]
        return {key: float(value) for key, value in found.items() if limit.is_met(value)}

    def _refuse(self, table: str, keys: set[str]) -> None:
        self.problems += [
            Message("{0}: there is no rate {1}{2}; remove it.", self._name, table, key)
            for key in sorted(keys)
        ]
