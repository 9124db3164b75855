"""The price list: unit prices in yuan with their price level; any of them may be missing."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netgraph.errors import InputError
from netgraph.messages import Message
from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Unit of every price that netgraph knows.
UNITS: Mapping[str, str] = {
    **dict.fromkeys(
        ("duct", "pole_line", "buried", "cable_in_duct", "cable_aerial"), "yuan/km"
    ),
    **dict.fromkeys(
        (
            "cabinet", "entrance", "patching", "rehoming", "replace_device", "add_management",
            "nms_onboarding", "protection_board", "power_feed", "ups",
            "generator", "battery", "room_in_order", "labels_in_order", "grounding", "monitoring",
            "record_item",
        ),
        "yuan/piece",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Prices:
    """Unit prices.

    Attributes
    ----------
    price_level
        The year or source that the prices refer to, in words.
    yuan
        Price by name, in the unit that :data:`UNITS` gives it.
    is_default
        netgraph's own estimates: what rests on them needs a survey.
    """

    price_level: str
    yuan: Mapping[str, float]
    is_default: bool = False
    missing: tuple[str, ...] = field(default=())

    def cost_of(self, **quantities: float) -> float | None:
        """Add up quantities by price name: metres where the unit is yuan/km, else pieces.

        None as soon as one price is missing; what is not needed (0) needs no price.
        """
        total = 0.0
        for name, quantity in quantities.items():
            if quantity == 0:
                continue
            if name not in self.yuan:
                return None
            total += self.yuan[name] * quantity / (M_PER_KM if UNITS[name] == "yuan/km" else 1)
        return round(total, 2)


def load_prices(path: str | Path | None = None) -> Prices:
    """Read a price list; the shipped one when no path is given.

    Raises
    ------
    InputError
        If the file cannot be read, a name is unknown, a price is no number of 0 or more, or its
        unit is another than the one that netgraph reckons in; every problem is listed.
    """
    name = str(path) if path is not None else "prices.toml"
    try:
        text = (
            files("netgraph.upgrades").joinpath("prices.toml").read_text("utf-8")
            if path is None
            else Path(path).read_text("utf-8")
        )
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([Message("{0}: cannot be read as TOML ({1}).", name, error)]) from error
    problems: list[str] = [Message("{0}: {1}", name, problem) for problem in _problems(document)]
    if problems:
        raise InputError(problems)
    yuan = {key: float(entry["yuan"]) for key, entry in document["prices"].items()}
    return Prices(
        price_level=document["price_level"],
        yuan=yuan,
        is_default=bool(document.get("is_default", False)),
        missing=tuple(key for key in UNITS if key not in yuan),
    )


def _problems(document: dict[str, Any]) -> list[str]:
    problems: list[str] = [
        Message("there is no key {0!r}; remove it.", key)
        for key in document
        if key not in {"price_level", "currency", "is_default", "prices"}
    ]
    level = document.get("price_level")
    if not isinstance(level, str) or not level.strip():
        problems.append(Message("price_level is missing: write the year or source of the prices."))
    currency = document.get("currency", "CNY")
    if currency != "CNY":
        problems.append(
            Message("currency is {0!r}; costs are reckoned in CNY: convert the prices.", currency)
        )
    if not isinstance(document.get("is_default", False), bool):
        problems.append(Message("is_default must be true or false."))
    prices = document.get("prices")
    if not isinstance(prices, dict):
        return [*problems, Message("the table [prices] is missing.")]
    for name, entry in prices.items():
        problems += _entry_problems(name, entry)
    return problems


def _entry_problems(name: str, entry: object) -> list[str]:
    if name not in UNITS:
        return [
            Message("prices.{0}: there is no such price; there are {1}.", name, ", ".join(UNITS))
        ]
    if not isinstance(entry, dict) or set(entry) != {"yuan", "unit"}:
        wanted = Message('{{ yuan = ..., unit = "{0}" }}', UNITS[name])
        return [
            Message(
                "prices.{0} must be {1}, not {2!r}; leave it out if unknown.", name, wanted, entry
            )
        ]
    problems: list[str] = []
    if entry["unit"] != UNITS[name]:
        problems.append(
            Message(
                "prices.{0}: the unit is {1!r}, but costs are reckoned in {2!r}: convert "
                "the price.",
                name,
                entry["unit"],
                UNITS[name],
            )
        )
    yuan = entry["yuan"]
    is_number = isinstance(yuan, (int, float)) and not isinstance(yuan, bool)
    if not is_number or not math.isfinite(yuan) or yuan < 0:
        problems.append(
            Message("prices.{0}: yuan must be a number, 0 or more, not {1!r}.", name, yuan)
        )
    return problems
