"""`netgraph diversity`: the plant-only question."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from netgraph.cli.commands_assess import FailOn, Objective
from netgraph.cli.formats import Format, FormatOption, show_written
from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.terminal import console_for, print_findings, print_text, reaches

if TYPE_CHECKING:
    from netgraph.diversity.plant.assess import PlantDiversity


def diversity(
    network: Annotated[
        Path,
        typer.Argument(metavar="NETWORK", help="OFDS (JSON, GeoJSON), GML, or an inventory."),
    ],
    centre: Annotated[list[str], typer.Option("--centre", help="Id or name; repeatable.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write.")],
    separation_m: Annotated[
        float, typer.Option("--separation", min=0, help="Metres that show spans apart.")
    ] = 20.0,
    routes: Annotated[
        int, typer.Option("--routes", min=2, max=4, help="Count up to so many routes (2 to 4).")
    ] = 2,
    objective: Annotated[
        Objective,
        typer.Option("--objective", help="Share least: risks, metres, outage."),
    ] = Objective.RISKS,
    search_seconds: Annotated[
        float, typer.Option("--search-seconds", min=0, help="Limit of the searches; 0: none.")
    ] = 10.0,
    lang: LangOption = LOCALE_LANG,
    form: FormatOption = Format.TABLE,
    fail_on: Annotated[
        Optional[FailOn],
        typer.Option("--fail-on", help="Exit 1 from: error, warning, info."),
    ] = FailOn.NEVER,
) -> None:
    """Count disjoint routes from every node of a network of nodes and spans to its centres."""
    from netgraph.assessment.plant import write_plant_answer
    from netgraph.diversity.plant.assess import assess_plant
    from netgraph.inventory.plant import read_plant_network
    from netgraph.report.console import print_plant_summary

    source = read_plant_network(network)
    answer = assess_plant(source, centre, separation_m=separation_m)
    summary = write_plant_answer(
        answer, out, lang=lang.value, routes=routes, objective=objective.value,
        search_seconds=search_seconds,
    )  # fmt: skip
    print_findings(answer.findings)
    counts = Counter(f.severity for f in answer.findings)
    show_written(
        form, out, "nodes",
        lambda: print_plant_summary(
            summary, console_for(sys.stdout), lang.value,
            centres=_names(answer), findings=counts,
        ),
    )  # fmt: skip
    print_text("written_to", path=out)
    if fail_on and reaches(answer.findings, fail_on.value):
        raise typer.Exit(1)


def _names(answer: PlantDiversity) -> list[str]:
    nodes = answer.network.nodes
    return [str(nodes.names[row] or nodes.ids[row]) for row in answer.centres]
