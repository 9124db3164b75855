"""The GeoPackage of an assessment: layers for a GIS, with styles that QGIS applies by itself.

:mod:`netgraph.assessment.handover.geopackage` fills the layers; nothing here knows what they mean.
"""

from __future__ import annotations

from netgraph.report.geopackage.layer import Field, Layer, fields_of_table
from netgraph.report.geopackage.styles import layer_style
from netgraph.report.geopackage.write import write_layers

__all__ = ["Field", "Layer", "fields_of_table", "layer_style", "write_layers"]
