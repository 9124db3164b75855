"""Weights of the benefit and rules for drawing up works, read from configuration."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netgraph.errors import InputError
from netgraph.inventory import load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Settings:
    """What a plan maximises, and how works are drawn up.

    Attributes
    ----------
    tier_weight
        Weight of a site by its tier.
    grade, point, outage_minute
        Benefit of one grade, of one score point, and of one expected minute a year less on one
        circuit, before the tier weight.
    offer_management
        Add management to a device where that alone is enough, instead of replacing it.
    new_cable_cores, cores_per_link
        Cores of a new cable, and cores that one link takes.
    link_protection
        Protection of the links of a replaced device, and of new links.
    battery_hours
        Autonomy of a new battery.
    """

    tier_weight: Mapping[str, float]
    grade: float
    point: float
    outage_minute: float
    offer_management: bool
    new_cable_cores: int
    cores_per_link: int
    link_protection: str
    battery_hours: float


_NUMBERS = ("grade", "point", "outage_minute", "battery_hours")
_COUNTS = ("new_cable_cores", "cores_per_link")


def load_settings(path: str | Path | None = None) -> Settings:
    """Read the settings; the shipped ones when no path is given.

    Raises
    ------
    InputError
        If the file cannot be read, or a key is missing, unknown or of the wrong type.
    """
    name = str(path) if path is not None else "upgrades.toml"
    try:
        text = (
            files("netgraph.upgrades").joinpath("upgrades.toml").read_text("utf-8")
            if path is None
            else Path(path).read_text("utf-8")
        )
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([Message("{0}: cannot be read as TOML ({1}).", name, error)]) from error
    flat: dict[str, Any] = {}
    for section in ("benefit", "works"):
        table = document.get(section, {})
        flat |= table if isinstance(table, dict) else {}
    weights = document.get("tier_weight")
    problems = [
        Message("{0}: {1}", name, problem) for problem in (*_weights(weights), *_keys(flat))
    ]
    if problems or not isinstance(weights, dict):
        raise InputError(problems)
    return Settings(tier_weight={tier: float(weights[tier]) for tier in weights}, **flat)


def _weights(weights: object) -> list[str]:
    tiers = load_schema()["circuits"].columns["tier"].allowed
    if not isinstance(weights, dict):
        return [Message("the table [tier_weight] is missing.")]
    problems: list[str] = [
        Message("tier_weight.{0} is missing.", tier) for tier in tiers if tier not in weights
    ]
    problems += [
        Message(
            "tier_weight.{0}: there is no such tier; the tiers are {1}.", tier, ", ".join(tiers)
        )
        for tier in weights
        if tier not in tiers
    ]
    problems += [
        Message("tier_weight.{0} must be a number, 0 or more, not {1!r}.", tier, value)
        for tier, value in weights.items()
        if not _is_number(value)
    ]
    return problems


def _keys(flat: dict[str, Any]) -> list[str]:
    known = {*_NUMBERS, *_COUNTS, "offer_management", "link_protection"}
    problems: list[str] = [
        Message("the key {0!r} is missing.", key) for key in sorted(known - set(flat))
    ]
    problems += [
        Message("there is no key {0!r}; remove it.", key) for key in sorted(set(flat) - known)
    ]
    problems += [
        Message("{0} must be a number, 0 or more, not {1!r}.", key, flat[key])
        for key in _NUMBERS
        if key in flat and not _is_number(flat[key])
    ]
    problems += [
        Message("{0} must be a whole number, 1 or more, not {1!r}.", key, flat[key])
        for key in _COUNTS
        if key in flat and not (type(flat[key]) is int and flat[key] >= 1)
    ]
    if not isinstance(flat.get("offer_management", False), bool):
        problems.append(Message("offer_management must be true or false."))
    allowed = load_schema()["links"].columns["protection"].allowed
    if flat.get("link_protection", allowed[-1]) not in set(allowed) - {"none"}:
        problems.append(
            Message(
                "link_protection = {0!r} protects nothing; one of {1}.",
                flat["link_protection"],
                ", ".join(a for a in allowed if a != "none"),
            )
        )
    return problems


def _is_number(value: object) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return math.isfinite(value) and value >= 0
