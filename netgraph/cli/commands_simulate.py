"""`netgraph simulate`: which failure hurts most."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from netgraph.cli.commands_assess import Inventory
from netgraph.cli.formats import Format, FormatOption, show_written
from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.terminal import (
    console_for,
    print_findings,
    print_text,
    progress_bar,
    tell_of_compilation,
)


def simulate(
    inventory: Inventory,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write.")],
    double: Annotated[bool, typer.Option("--double", help="All pairs of failures too.")] = False,
    hazard: Annotated[
        Optional[list[Path]],
        typer.Option("--hazard", help="Areas that fail whole (GIS); repeatable."),
    ] = None,
    hazard_kind: Annotated[
        str,
        typer.Option("--hazard-kind", help="Its column of kinds (flood, ...)."),
    ] = "kind",
    radius_m: Annotated[
        Optional[float],
        typer.Option("--radius", help="What one disk of this radius hits."),
    ] = None,
    exempt: Annotated[
        Optional[list[str]],
        typer.Option("--exempt", metavar="TABLE:ID", help="Never fails; repeatable."),
    ] = None,
    threshold: Annotated[
        Optional[int],
        typer.Option("--threshold", help="Pairs from so many extra circuits on."),
    ] = None,
    rules: Annotated[
        Optional[Path],
        typer.Option("--rules", help="Thresholds, required levels (TOML)."),
    ] = None,
    no_maps: Annotated[bool, typer.Option("--no-maps", help="Draw no map.")] = False,
    top: Annotated[int, typer.Option("--top", min=0, help="Worst risks to print.")] = 10,
    lang: LangOption = LOCALE_LANG,
    form: FormatOption = Format.TABLE,
    encoding: Annotated[
        Optional[str],
        typer.Option("--encoding", help="Of CSV files; else UTF-8, then GB18030."),
    ] = None,
) -> None:
    """Fail every risk in turn (and every pair): circuits, sites and customers cut off."""
    from netgraph.assessment.simulation import run as job
    from netgraph.assessment.simulation.write import write_simulation
    from netgraph.diversity.compiled import telling_of_compilation
    from netgraph.diversity.rules import load_rules
    from netgraph.inventory import read_inventory
    from netgraph.report.failures import print_failures

    options = job.SimulationOptions(
        rules=load_rules(rules), double=double, hazards=tuple(hazard or ()),
        hazard_kind=hazard_kind, radius_m=radius_m,
        exempt=tuple(exempt or ()), threshold=threshold, top=top, lang=lang.value,
    )  # fmt: skip
    with progress_bar() as progress, telling_of_compilation(tell_of_compilation):
        if progress:
            progress("read", 0, 1)
        source = read_inventory(inventory, encoding=encoding)
        if progress:
            progress("read", 1, 1)
        result = job.simulate(source, options, progress=progress)
        write_simulation(result, out, maps=not no_maps)
    print_findings(result.findings)
    show_written(
        form, out, "risks",
        lambda: print_failures(result.summary, console_for(sys.stdout), lang.value),
    )  # fmt: skip
    print_text("written_to", path=out)
