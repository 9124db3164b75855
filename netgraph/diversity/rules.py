"""The audit's thresholds and requirements, read from configuration."""

from __future__ import annotations

import math
import tomllib
from dataclasses import MISSING, dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netgraph.diversity.levels import PASSING, RANK, Level
from netgraph.errors import InputError
from netgraph.inventory import load_schema
from netgraph.inventory.hazard_reach import Reach
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netgraph.diversity.verdict import Verdict


_SECTIONS = ("tolerance", "search", "groups", "hazards", "rings")
#: What circuits may have to agree in to be assumed to back each other up, and its column.
GROUPED_BY = {"customer": "customer_id", "site": "a_id", "service": "service"}


@dataclass(frozen=True)
class Rules:
    """Thresholds in metres, required levels by tier, what a search may use, sizes of rings.

    A chain of `chain_warn_hops` is a warning, one of `chain_fail_hops` a fault; a ring of more than
    `ring_warn_nodes` is a warning, one of more than `ring_fail_nodes` a fault. `required` maps a
    tier to the level that its sites must reach, None for no requirement. A span that is not drawn
    is no longer than `length_margin` times its recorded length, or than `undrawn_detour` times the
    straight line. Circuits without a group that agree in all of `assume_by` (customer, site,
    service) are assumed to back each other up; empty: none are.
    """

    entry_tolerance_m: float
    separation_m: float
    run_m: float
    trench_m: float
    trench_run_m: float
    required: Mapping[str, Level | None]
    admit_foreign: bool
    require_two_centres: bool
    require_free_bore: bool
    spare_cores: int
    length_margin: float
    undrawn_detour: float
    chain_warn_hops: int
    chain_fail_hops: int
    ring_warn_nodes: int
    ring_fail_nodes: int
    assume_by: tuple[str, ...] = ()

    @property
    def reach(self) -> Reach:
        """How far spans that are not drawn may reach."""
        return Reach(self.length_margin, self.undrawn_detour)

    def requires_diversity(self, tier: str) -> bool:
        """Whether a tier has a required level at all."""
        return self.required.get(tier) is not None

    def meets(self, level: Level, tier: str, *, is_complete: bool = True) -> bool | None:
        """Whether a level meets the tier's requirement.

        None where there is no requirement, and where the level is not decided: a proven sharing
        that is not complete is this level or a worse one.
        """
        required = self.required.get(tier)
        if required is None or level is Level.UNDECIDABLE:
            return None
        if RANK[level] >= RANK[required] and not is_complete and level not in PASSING:
            return None
        return RANK[level] >= RANK[required]

    def meet(self, verdicts: Iterable[Verdict], tier: str) -> bool | None:
        """Whether all of some verdicts meet it; None if one is not decided and none fails."""
        met = {self.meets(each.level, tier, is_complete=each.is_complete) for each in verdicts}
        if not met or met == {True}:
            return True if met else None
        return False if False in met else None


@cache
def _shipped() -> dict[str, Any]:
    """Parse the shipped rules once; whoever reads this makes values of its own of it."""
    return tomllib.loads(files("netgraph.diversity").joinpath("rules.toml").read_text("utf-8"))


def load_rules(path: str | Path | None = None) -> Rules:
    """Read the rules; the shipped ones when no path is given.

    Raises
    ------
    InputError
        If the file cannot be read, or a key is missing, unknown or of the wrong type.
    """
    name = str(path) if path is not None else "rules.toml"
    try:
        document = _shipped() if path is None else tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([Message("{0}: cannot be read as TOML ({1}).", name, error)]) from error
    sections = [document.get(table, {}) for table in _SECTIONS]
    flat: dict[str, Any] = {}
    for section in sections:
        flat |= section if isinstance(section, dict) else {}
    flat["required"] = document.get("required")
    problems = _problems(name, flat)
    if problems:
        raise InputError(problems)
    required = {tier: Level(level) if level else None for tier, level in flat["required"].items()}
    told = {"required": required, "assume_by": tuple(flat.get("assume_by", ()))}
    return Rules(**{**flat, **told})


def _problems(name: str, flat: dict[str, Any]) -> list[str]:
    known = {field.name: field.type for field in fields(Rules)}
    needed = {field.name for field in fields(Rules) if field.default is MISSING}
    problems: list[str] = [
        Message("{0}: the key {1!r} is missing.", name, key) for key in sorted(needed - set(flat))
    ]
    problems += [
        Message("{0}: there is no rule {1!r}; remove it.", name, key)
        for key in sorted(set(flat) - set(known))
    ]
    problems += [
        Message("{0}: {1} must be {2}, not {3!r}.", name, key, _WANTED[wanted], value)
        for key, value in flat.items()
        if (wanted := _wanted(key, known)) in _WANTED and not _is_of_type(value, wanted)
    ]
    problems += _problems_of_groups(name, flat.get("assume_by", []))
    required = flat.get("required")
    if not isinstance(required, dict):
        return [*problems, Message("{0}: the table [required] is missing.", name)]
    tiers, levels = _known_tiers(), [level.value for level in Level]
    problems += [
        Message(
            "{0}: required.{1}: there is no such tier; the tiers are {2}.",
            name,
            tier,
            ", ".join(tiers),
        )
        for tier in required
        if tier not in tiers
    ]
    problems += [
        Message(
            "{0}: required.{1} = {2!r} is no level; one of {3}, or empty.",
            name,
            tier,
            level,
            ", ".join(levels),
        )
        for tier, level in required.items()
        if level not in ["", *levels]
    ]
    return problems


def _problems_of_groups(name: str, told: object) -> list[str]:
    """Say what is wrong with the columns in which assumed groups agree."""
    listed = told if isinstance(told, list) else [told]
    words = ", ".join(GROUPED_BY)
    if listed is not told or not all(word in GROUPED_BY for word in listed):
        return [
            Message("{0}: assume_by must be a list of some of {1}, not {2!r}.", name, words, told)
        ]
    if listed and "site" not in listed:
        return [Message("{0}: assume_by must name site: a group has one A end.", name)]
    return []


#: What a key of each type must hold.
_WANTED = {
    "float": Message("a number, 0 or more"),
    "int": Message("a whole number, 0 or more"),
    "bool": Message("true or false"),
    "stretch": Message("a number, 1 or more"),
}
#: No way is shorter than the straight line, or than what was measured.
_STRETCHES = ("length_margin", "undrawn_detour")


def _wanted(key: str, known: Mapping[str, object]) -> str:
    """Name what a key must hold, as :data:`_WANTED` does."""
    return "stretch" if key in _STRETCHES else str(known.get(key))


def _is_of_type(value: object, wanted: str) -> bool:
    if isinstance(value, bool) or wanted == "bool":
        return wanted == "bool" and isinstance(value, bool)
    kinds = int if wanted == "int" else (int, float)
    least = 1 if wanted == "stretch" else 0
    return isinstance(value, kinds) and least <= value < math.inf


def _known_tiers() -> tuple[str, ...]:
    return load_schema()["circuits"].columns["tier"].allowed
