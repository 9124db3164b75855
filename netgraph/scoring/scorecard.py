"""The scorecard as data: tiers, grades, items and points, replaceable by the user."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netgraph.errors import InputError
from netgraph.inventory import load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Tier:
    """A service tier and its full marks; tiers are listed highest first."""

    id: str
    zh: str
    en: str
    full_marks: int


@dataclass(frozen=True)
class Grade:
    """A grade and the percentage of full marks from which it holds; best first."""

    id: str
    zh: str
    en: str
    min_pct: int


@dataclass(frozen=True)
class Item:
    """One scoring item: what it asks, is worth by tier and reads, and when it passes.

    `pass_zh` is the pass rule in Chinese, "" where a card has none.
    """

    id: str
    category: str
    zh: str
    en: str
    points: Mapping[str, int]
    source: str
    evidence: tuple[str, ...]
    pass_rule: str
    cause: str
    pass_zh: str = ""


@dataclass(frozen=True)
class Scorecard:
    """Tiers (highest first), grades (best first), items and the numbers that items use."""

    tiers: tuple[Tier, ...]
    grades: tuple[Grade, ...]
    categories: Mapping[str, tuple[str, str]]
    items: tuple[Item, ...]
    max_age_years: int
    min_spare_cores: int
    max_core_occupancy: float
    access_techs: frozenset[str]
    note_en: str
    note_zh: str

    @cached_property
    def full_marks(self) -> Mapping[str, int]:
        """Full marks by tier id."""
        return {tier.id: tier.full_marks for tier in self.tiers}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything that decides a result; wording left out."""
        told = {
            "tiers": [(tier.id, tier.full_marks) for tier in self.tiers],
            "grades": [(grade.id, grade.min_pct) for grade in self.grades],
            "items": [
                (item.id, sorted(item.points.items()), item.source, item.evidence)
                for item in self.items
            ],
            "numbers": (self.max_age_years, self.min_spare_cores, self.max_core_occupancy),
            "access_techs": sorted(self.access_techs),
        }
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def grade_of(self, raw: int, applicable: int) -> str:
        """Grade of raw points out of the applicable marks, compared in integers.

        >>> load_scorecard().grade_of(90, 100), load_scorecard().grade_of(64, 92)
        ('excellent', 'fair')
        """
        if applicable <= 0:
            return ""
        return next(g.id for g in self.grades if raw * 100 >= g.min_pct * applicable)


@cache
def _shipped() -> dict[str, Any]:
    """Parse the shipped scorecard once; whoever reads this makes values of its own of it."""
    return tomllib.loads(files("netgraph.scoring").joinpath("scorecard.toml").read_text("utf-8"))


def load_scorecard(path: str | Path | None = None) -> Scorecard:
    """Read a scorecard; the shipped one when no path is given.

    Raises
    ------
    InputError
        If the file is no TOML, or the card contradicts itself; every problem is listed.
    """
    name = str(path) if path is not None else "scorecard.toml"
    try:
        document = _shipped() if path is None else tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([Message("{0}: cannot be read as TOML ({1}).", name, error)]) from error
    try:
        card = _parse(document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            [Message("{0}: a key is missing or of the wrong type: {1}.", name, error)]
        ) from error
    problems = [Message("{0}: {1}", name, problem) for problem in _contradictions(card)]
    if problems:
        raise InputError(problems)
    return card


def _parse(document: dict[str, Any]) -> Scorecard:
    parameters = document["parameters"]
    return Scorecard(
        tiers=tuple(Tier(t["id"], t["zh"], t["en"], t["full_marks"]) for t in document["tiers"]),
        grades=tuple(Grade(g["id"], g["zh"], g["en"], g["min_pct"]) for g in document["grades"]),
        categories={c["id"]: (c["zh"], c["en"]) for c in document["categories"]},
        items=tuple(
            Item(
                i["id"],
                i["category"],
                i["zh"],
                i["en"],
                dict(i["points"]),
                i["source"],
                tuple(i["evidence"]),
                i["pass"],
                i["cause"],
                i.get("pass_zh", ""),
            )
            for i in document["items"]
        ),
        max_age_years=parameters["max_age_years"],
        min_spare_cores=parameters["min_spare_cores"],
        max_core_occupancy=parameters["max_core_occupancy"],
        access_techs=frozenset(tech.upper() for tech in parameters["access_techs"]),
        note_en=document.get("note_en", ""),
        note_zh=document.get("note_zh", ""),
    )


def _numbers(card: Scorecard) -> list[str]:
    """Check that marks, percentages and points are whole: grades compare in integers."""
    stated = [(Message("full_marks of tier {0}", tier.id), tier.full_marks) for tier in card.tiers]
    stated += [(Message("min_pct of grade {0}", grade.id), grade.min_pct) for grade in card.grades]
    for item in card.items:
        stated += [
            (Message("points of item {0} for {1}", item.id, t), item.points[t]) for t in item.points
        ]
    return [
        Message("{0} must be a whole number, 0 or more, not {1!r}.", what, value)
        for what, value in stated
        if not isinstance(value, int) or isinstance(value, bool) or value < 0
    ]


def _contradictions(card: Scorecard) -> list[str]:
    problems = _numbers(card)
    if problems:
        return problems
    for tier in card.tiers:
        total = sum(item.points.get(tier.id, 0) for item in card.items)
        if total != tier.full_marks:
            problems.append(
                Message(
                    "the items of tier {0} add up to {1}, not to its full marks {2}; "
                    "change either.",
                    tier.id,
                    total,
                    tier.full_marks,
                )
            )
    percentages = [grade.min_pct for grade in card.grades]
    if percentages != sorted(percentages, reverse=True) or percentages[-1:] != [0]:
        problems.append(Message("grades must be listed best first and end with min_pct = 0."))
    tiers = {tier.id for tier in card.tiers}
    problems += [
        Message("item {0} gives points to the unknown tier {1!r}.", item.id, tier)
        for item in card.items
        for tier in sorted(set(item.points) - tiers)
    ]
    ids = [item.id for item in card.items]
    problems += [
        Message("item {0} is listed twice.", i)
        for i in sorted({i for i in ids if ids.count(i) > 1})
    ]
    known = {f"{name}.{column}" for name, spec in load_schema().items() for column in spec.columns}
    for item in card.items:
        problems += [
            Message("item {0} reads {1!r}, which no table of the inventory has.", item.id, name)
            for name in item.evidence
            if name not in known
        ]
        if item.category not in card.categories:
            problems.append(
                Message("item {0} is of the unknown category {1!r}.", item.id, item.category)
            )
        if item.source not in {"graph", "record", "mixed"}:
            problems.append(Message("item {0}: source must be graph, record or mixed.", item.id))
    return problems
