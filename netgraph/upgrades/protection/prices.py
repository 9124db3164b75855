"""Prices of plant, as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.units import M_PER_KM
from netgraph.upgrades.prices import load_prices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.upgrades.prices import Prices

#: What is built in the open (the price of another medium can only come from the corridor itself).
_PRICED_MEDIA = ("duct", "pole_line", "buried")
_PRICES_OF_PLANT = (*_PRICED_MEDIA, "cable_in_duct", "cable_aerial", "entrance")
_DUCT_LIKE = ("duct", "buried", "tunnel", "bridge", "indoor", "unknown")


@dataclass(frozen=True)
class PlantPrices:
    """What plant costs, in yuan a kilometre; a medium without a price cannot be chosen.

    Attributes
    ----------
    new_yuan_per_km
        New plant by medium (duct, pole_line, buried, ...), without the cable in it.
    cable_yuan_per_km
        A new cable, by the medium that it runs in.
    entrance_yuan
        A new entrance into a building; NaN without a price.
    """

    new_yuan_per_km: Mapping[str, float]
    cable_yuan_per_km: Mapping[str, float]
    entrance_yuan: float = np.nan

    def __post_init__(self) -> None:
        """Refuse what is no price."""
        every = [*self.new_yuan_per_km.items(), *self.cable_yuan_per_km.items()]
        wrong = sorted({name for name, price in every if not 0 <= price < np.inf})
        wrong += [Message("an entrance")] if self.entrance_yuan < 0 else []
        if wrong:
            message = Message("the price of {0} must be a number, 0 or more", ", ".join(wrong))
            raise UsageError(message)

    def cable_yuan(self, medium: str, length_m: float) -> float:
        """Price of a new cable; NaN without a price or a length."""
        return self.cable_yuan_per_km.get(medium, np.nan) * length_m / M_PER_KM

    def plant_yuan(self, medium: str, length_m: float, recorded_yuan: float) -> float:
        """Price of new plant: as recorded for the corridor, else by medium and length; or NaN."""
        if not np.isnan(recorded_yuan):
            return recorded_yuan
        return self.new_yuan_per_km.get(medium, np.nan) * length_m / M_PER_KM


def plant_prices(prices: Prices) -> PlantPrices:
    """Take the prices of plant out of a price list."""
    yuan = prices.yuan
    cable_price = dict.fromkeys(_DUCT_LIKE, "cable_in_duct") | {"pole_line": "cable_aerial"}
    return PlantPrices(
        {medium: yuan[medium] for medium in _PRICED_MEDIA if medium in yuan},
        {medium: yuan[name] for medium, name in cable_price.items() if name in yuan},
        yuan.get("entrance", np.nan),
    )


def is_a_price_missing(prices: Prices) -> bool:
    """Whether a price list lacks a price of plant, of the cable in it, or of an entrance."""
    return any(name not in prices.yuan for name in _PRICES_OF_PLANT)


def assumed_prices(prices: Prices) -> PlantPrices:
    """Fill the gaps of a price list with netgraph's own estimates, to find ways by and no more.

    A medium that price lists know nothing of is taken to cost what a duct does.
    """
    filled = {**load_prices().yuan, **prices.yuan}
    known = plant_prices(replace(prices, yuan=filled))
    other = dict.fromkeys((*_DUCT_LIKE, "submarine"), filled["duct"])
    cable = {**known.cable_yuan_per_km, "submarine": filled["cable_in_duct"]}
    return replace(
        known, new_yuan_per_km={**other, **known.new_yuan_per_km}, cable_yuan_per_km=cable
    )
