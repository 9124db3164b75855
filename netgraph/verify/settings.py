"""The rules by which a run judged, beside the shipped ones: verify goes by what the run states."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHIPPED = Path(__file__).parents[1] / "diversity" / "rules.toml"


def find_other_rules(stated: Mapping[str, Any]) -> dict[str, tuple[object, object]]:
    """Name the rules that differ from the shipped ones: as stated, and as shipped.

    Raises
    ------
    LookupError
        If a rule is not stated.
    """
    shipped = tomllib.loads(_SHIPPED.read_text("utf-8"))
    pairs = {
        name: (stated[name], value)
        for section in shipped.keys() - {"required"}
        for name, value in shipped[section].items()
    }
    required, usual = stated["required"], shipped["required"]
    for tier in {*required, *usual}:
        pairs[f"required.{tier}"] = required.get(tier, ""), usual.get(tier, "")
    return {name: pair for name, pair in sorted(pairs.items()) if pair[0] != pair[1]}
