"""The result of a failure simulation, and how it shows itself in a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import geopandas
import pandas as pd

from netgraph.assessment.simulation.rows import Listing, simulation_rows
from netgraph.assessment.simulation.summary import summarise_failures
from netgraph.report.contract import table_specs
from netgraph.report.failures import failures_html

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.assessment.simulation.run import SimulationOptions
    from netgraph.diversity.failures import DoubleFailures, RiskCatalogue, SingleFailures
    from netgraph.inventory import Finding
    from netgraph.inventory.hazard_areas import HazardAreas
    from netgraph.report.failures import FailureSummary


@dataclass(frozen=True, eq=False, repr=False)
class Simulation:
    """What every risk takes down, as tables and figures.

    Attributes
    ----------
    singles, doubles
        The failures by class; `doubles` None where not asked for.
    areas
        Hazard areas that were laid over the plant.
    findings
        What is wrong with the data.
    seconds
        Wall seconds by stage.
    """

    options: SimulationOptions
    singles: SingleFailures
    doubles: DoubleFailures | None
    areas: tuple[HazardAreas, ...]
    findings: tuple[Finding, ...] = field(repr=False)
    seconds: Mapping[str, float]

    @property
    def catalogue(self) -> RiskCatalogue:
        """Everything that can fail."""
        return self.singles.catalogue

    @cached_property
    def listing(self) -> Listing:
        """The risks that hit a circuit, ranked; put in order when first asked for."""
        return Listing(self.singles)

    @cached_property
    def risks(self) -> geopandas.GeoDataFrame:
        """One row a risk that hits a circuit, columns as in risks.csv, worst first, located."""
        frame = self._frame("risks").sort_values("rank", ignore_index=True)
        points = geopandas.points_from_xy(frame["lon"], frame["lat"])
        crs = self.catalogue.network.inventory.crs or None
        return geopandas.GeoDataFrame(frame, geometry=points, crs=crs)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """One row a listed pair of risk classes, columns as in pairs.csv, worst first."""
        frame = self._frame("pairs")
        order = ["extra_circuits_down", "circuits_down", "first_risk", "second_risk"]
        return frame.sort_values(order, ascending=[False, False, True, True], ignore_index=True)

    @cached_property
    def worst_by_customer(self) -> pd.DataFrame:
        """One row a customer: the single failure that takes down most of its circuits."""
        return self._frame("worst_by_customer")

    @cached_property
    def summary(self) -> FailureSummary:
        """Counts, and the worst risks of each family."""
        return summarise_failures(self)

    def rows(self, table: str) -> list[tuple[object, ...]]:
        """Rows of one table of the output contract."""
        return simulation_rows(self, table)

    def _frame(self, table: str) -> pd.DataFrame:
        return pd.DataFrame(self.rows(table), columns=list(table_specs()[table].names))

    def __repr__(self) -> str:
        """Show counts; the fields would fill screens."""
        counts = self.summary
        return f"<Simulation: {counts.risks} risks, {counts.circuits} circuits>"

    def _repr_html_(self) -> str:
        return failures_html(self.summary, "zh" if self.options.lang == "zh" else "en")
