"""The audit's thresholds and requirements, read from configuration."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netgraph.diversity.levels import RANK, Level
from netgraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Rules:
    """Thresholds in metres, required levels by tier, and what a search may use.

    `required` maps a tier to the level that its sites must reach, None for no requirement.
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

    def requires_diversity(self, tier: str) -> bool:
        """Whether a tier has a required level at all."""
        return self.required.get(tier) is not None

    def meets(self, level: Level, tier: str) -> bool | None:
        """Whether a level meets the tier's requirement; None where there is no requirement."""
        required = self.required.get(tier)
        return None if required is None else RANK[level] >= RANK[required]


def load_rules(path: str | Path | None = None) -> Rules:
    """Read the rules; the shipped ones when no path is given.

    Raises
    ------
    InputError
        If the file cannot be read, or a key is missing, unknown or of the wrong type.
    """
    name = str(path) if path is not None else "rules.toml"
    try:
        text = (
            files("netgraph.diversity").joinpath("rules.toml").read_text("utf-8")
            if path is None
            else Path(path).read_text("utf-8")
        )
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([f"{name}: cannot be read as TOML ({error})."]) from error
    flat = {**document.get("tolerance", {}), **document.get("search", {})}
    flat["required"] = document.get("required")
    problems = _problems(name, flat)
    if problems:
        raise InputError(problems)
    required = {tier: Level(level) if level else None for tier, level in flat["required"].items()}
    return Rules(**{**flat, "required": required})


def _problems(name: str, flat: dict[str, Any]) -> list[str]:
    known = {field.name for field in fields(Rules)}
    problems = [f"{name}: the key {key!r} is missing." for key in sorted(known - set(flat))]
    problems += [f"{name}: there is no rule {key!r}; remove it." for key in sorted(set(flat) - known)]
    for key, value in flat.items():
        if key.endswith("_m") and not (isinstance(value, int | float) and value >= 0):
            problems.append(f"{name}: {key} must be a number of metres, 0 or more, not {value!r}.")
    levels = {level.value for level in Level} | {""}
    required = flat.get("required")
    if not isinstance(required, dict):
        return [*problems, f"{name}: the table [required] is missing."]
    return problems + [
        f"{name}: required.{tier} = {level!r} is no level; one of {', '.join(sorted(levels))}."
        for tier, level in required.items()
        if level not in levels
    ]
