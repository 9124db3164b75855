"""Expected outages: minutes a year and faults a month of circuits, groups and sites.

Every figure is modelled and assumes that components fail independently of each other.
"""

from __future__ import annotations

from netgraph.diversity.availability.find import find_availability
from netgraph.diversity.availability.rates import Rates, load_rates
from netgraph.diversity.availability.value import Availability, Outages

__all__ = ["Availability", "Outages", "Rates", "find_availability", "load_rates"]
