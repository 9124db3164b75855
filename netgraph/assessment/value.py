"""The result of an assessment, and how it shows itself in a notebook."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from netgraph.assessment import rows
from netgraph.assessment.measures.separation import separation_frame
from netgraph.assessment.results import Results
from netgraph.assessment.summary import summarise, with_searches
from netgraph.report.contract import table_specs
from netgraph.units import GEOGRAPHIC_CRS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

    import geopandas
    import pandas as pd
    from matplotlib.axes import Axes

    from netgraph.diversity.achievable.find import Achievable
    from netgraph.inventory import Finding
    from netgraph.report.cells import Cells
    from netgraph.report.plan.model import PlannedWorks
    from netgraph.report.summary import Summary
    from netgraph.report.web import HTML


class Assessment(Results):
    """The results of one inventory as tables, figures and maps, for notebooks and scripts."""

    def with_search(self, achievable: Achievable, findings: Iterable[Finding]) -> Self:
        """Return the same results with what was searched for, and what was found out on the way."""
        result = super().with_search(achievable, findings)
        known = vars(self).get("summary")
        if known is not None:
            vars(result)["summary"] = with_searches(known, result)
        return result

    @cached_property
    def sites(self) -> geopandas.GeoDataFrame:
        """One row a site, columns as in sites.csv, with its point (EPSG:4326)."""
        frame = self._frame("sites")
        places = self.network.places
        positions = places.index.positions(frame["site_id"].to_numpy(dtype=object))
        return _located(frame, places.lon[positions], places.lat[positions])

    @cached_property
    def circuits(self) -> pd.DataFrame:
        """One row a circuit, columns as in circuits.csv."""
        return self._frame("circuits")

    @cached_property
    def hazards(self) -> geopandas.GeoDataFrame:
        """One row a hazard, columns as in hazards.csv, worst first, with a point."""
        frame = self._frame("hazards").sort_values("rank", ignore_index=True)
        return _located(frame, frame["lon"], frame["lat"])

    @cached_property
    def causes(self) -> pd.DataFrame:
        """One row a place with all the hazards that it causes, worst first."""
        return self._frame("causes")

    @cached_property
    def separation(self) -> pd.DataFrame:
        """One row a pair of routes and distance, columns as in separation.csv."""
        return separation_frame(self.audit)

    @cached_property
    def availability(self) -> pd.DataFrame:
        """One row a circuit: expected outage minutes a year and faults a month, modelled."""
        return self._frame("availability")

    @cached_property
    def availability_sites(self) -> pd.DataFrame:
        """The same, one row a site with circuits."""
        return self._frame("availability_sites")

    @cached_property
    def faults(self) -> pd.DataFrame:
        """Recorded faults beside the modelled ones: in all, by city, by customer; maybe empty."""
        return self._frame("faults")

    @cached_property
    def rings(self) -> pd.DataFrame:
        """Ring ratio, chains and faulty rings of each layer: in all, by city, by county."""
        return self._frame("rings")

    @cached_property
    def ring_findings(self) -> pd.DataFrame:
        """What is wrong with the rings: false ones, long chains, oversize ones; worst first."""
        return self._frame("ring_findings").sort_values("rank", ignore_index=True)

    @cached_property
    def summary(self) -> Summary:
        """Sites by grade, tier, city and level, and the worst causes."""
        return summarise(self)

    def plot(self, ax: Axes | None = None, *, lang: str | None = None, city: str = "") -> Axes:
        """Draw the map of plant, offices, sites by tier and grade, and the worst hazards.

        Parameters
        ----------
        ax
            Where to draw; a new figure when omitted.
        lang
            "zh" or "en"; the language of the assessment when omitted.
        city
            Only the sites of this city, and what lies between them.

        Returns
        -------
        matplotlib.axes.Axes
        """
        from netgraph.assessment.handover.map_drawing import draw_assessment

        return draw_assessment(self, ax, lang=lang or self.options.lang, city=city)

    def explore(
        self, *, lang: str | None = None, height_px: int = 760, works: PlannedWorks | None = None
    ) -> HTML:
        """Show the web page of the assessment in a notebook cell; it works without a network.

        Parameters
        ----------
        lang
            "zh" or "en"; the language of the assessment when omitted. The page has a switch.
        height_px
            Height of the cell.
        works
            The works of a plan for the same inventory (`UpgradePlan.works`), to be shown with it.

        Returns
        -------
        netgraph.report.web.HTML
            Notebooks show it; `str()` of it is the HTML.
        """
        from netgraph.assessment.handover.web import assessment_page
        from netgraph.report.web import HTML, render_frame

        return HTML(render_frame(assessment_page(self, lang, works), height_px))

    def rows(self, table: str) -> list[tuple[object, ...]]:
        """Rows of one table of the output contract."""
        return rows.table_rows(self, table)

    def columns(self, table: str) -> Sequence[Cells]:
        """Columns of one table of the output contract."""
        return rows.table_columns(self, table)

    def _frame(self, table: str) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(self.rows(table), columns=list(table_specs()[table].names))

    def __repr__(self) -> str:
        """Show counts; the fields would fill screens."""
        counts = self.summary
        grades = ", ".join(f"{count} {grade}" for grade, count in counts.grades.items())
        return f"<Assessment: {counts.sites} sites ({grades}), {counts.circuits} circuits>"

    def _repr_html_(self) -> str:
        return self.summary.to_html("zh" if self.options.lang == "zh" else "en")


def _located(frame: pd.DataFrame, lon: object, lat: object) -> geopandas.GeoDataFrame:
    import geopandas

    points = geopandas.points_from_xy(lon, lat)
    return geopandas.GeoDataFrame(frame, geometry=points, crs=GEOGRAPHIC_CRS)
