"""Prices of plant, as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from netgraph.errors import UsageError
from netgraph.units import M_PER_KM


@dataclass(frozen=True)
class PlantPrices:
    """What plant costs, in yuan a kilometre.

    Attributes
    ----------
    new_yuan_per_km
        New plant by medium (duct, pole_line, buried, ...), without the cable in it. A medium
        without a price cannot be chosen.
    cable_yuan_per_km
        A new cable, in new plant and in existing plant without spare cores.
    """

    new_yuan_per_km: Mapping[str, float]
    cable_yuan_per_km: float

    def __post_init__(self) -> None:
        """Refuse what is no price."""
        every = {**self.new_yuan_per_km, "cable": self.cable_yuan_per_km}
        wrong = [name for name, price in every.items() if not 0 <= price < np.inf]
        if wrong:
            message = f"the price of {', '.join(wrong)} must be a number, 0 or more"
            raise UsageError(message)

    def cable_yuan(self, length_m: float) -> float:
        """Price of a new cable."""
        return self.cable_yuan_per_km * length_m / M_PER_KM

    def build_yuan(self, medium: str, length_m: float, recorded_yuan: float) -> float:
        """Price of a build with its cable; NaN if neither recorded nor priced, or of no length."""
        plant = recorded_yuan
        if np.isnan(plant):
            plant = self.new_yuan_per_km.get(medium, np.nan) * length_m / M_PER_KM
        return plant + self.cable_yuan(length_m)
