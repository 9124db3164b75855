"""What netgraph finds on this machine: versions, drivers, fonts, and where kernels are kept."""

from __future__ import annotations

import os
import platform
import tempfile
import warnings
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import as_file, files
from pathlib import Path

import pyogrio

from netgraph.messages import Message
from netgraph.report.fonts import BUNDLED_FAMILY, font_families
from netgraph.units import GEOGRAPHIC_CRS

PACKAGES = (
    "geopandas", "matplotlib", "networkx", "numba", "numpy", "pandas", "pyogrio", "pyproj",
    "python-calamine", "scipy", "shapely", "typer", "typst", "xlsxwriter",
)  # fmt: skip
#: What inventories, networks and hazard areas are read with.
DRIVERS = ("GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf")


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes
    ----------
    name, found
        What, and what there is.
    is_good
        Whether netgraph works with it; `hint` says what to do if not.
    """

    name: str
    found: str
    is_good: bool = True
    hint: str = ""


def check_environment() -> tuple[Check, ...]:
    """Look at everything outside netgraph that it works with; nothing is changed."""
    return (
        Check("netgraph", version("netgraph-diversity")),
        Check(
            "Python",
            Message("{0} on {1}", platform.python_version(), platform.platform(terse=True)),
        ),
        *(_package(name) for name in PACKAGES),
        Check("GDAL", ".".join(map(str, pyogrio.__gdal_version__))),
        *(_driver(name) for name in DRIVERS),
        _projections(),
        _font(),
        _kernels(),
    )


def _package(name: str) -> Check:
    try:
        return Check(name, version(name))
    except PackageNotFoundError:
        return Check(name, Message("not installed"), is_good=False, hint=f"pip install {name}")


def _driver(name: str) -> Check:
    modes = pyogrio.list_drivers().get(name, "")
    if "r" in modes:
        found = Message("reads and writes") if "w" in modes else Message("reads")
        return Check(Message("driver {0}", name), found)
    hint = Message("install pyogrio from its wheel (pip), not from source")
    return Check(Message("driver {0}", name), Message("missing"), is_good=False, hint=hint)


def _projections() -> Check:
    import pyproj  # noqa: PLC0415 -- its data directory may be broken; then this check says so

    try:
        pyproj.CRS(GEOGRAPHIC_CRS)
    except pyproj.exceptions.ProjError as error:
        hint = Message("unset PROJ_DATA and PROJ_LIB, or install pyproj from its wheel")
        return Check(Message("projections"), str(error), is_good=False, hint=hint)
    return Check(Message("projections"), f"PROJ {pyproj.proj_version_str}")


def _font() -> Check:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        family = font_families(["网点评级单路由"])[0]
    is_ours = family == BUNDLED_FAMILY
    note = Message("shipped with netgraph") if is_ours else Message("installed")
    return Check(Message("Chinese font"), Message("{0} ({1})", family, note))


def _kernels() -> Check:
    """Tell where compiled kernels are kept; without such a place every run compiles anew."""
    chosen = os.environ.get("NUMBA_CACHE_DIR", "")
    if chosen:
        folder = Path(chosen)
        kept = Message("kept in {0} (NUMBA_CACHE_DIR)", folder)
    else:
        with as_file(files("netgraph")) as path:
            folder, kept = path, Message("kept beside the package")
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Check(Message("compiled kernels"), kept)
    except OSError:
        hint = Message("set NUMBA_CACHE_DIR to a folder that you may write to")
        found = Message("{0} cannot be written", folder)
        return Check(Message("compiled kernels"), found, is_good=False, hint=hint)
