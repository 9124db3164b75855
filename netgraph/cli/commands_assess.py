"""`netgraph assess` and `netgraph check`."""

from __future__ import annotations

import sys
from dataclasses import asdict, astuple, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from netgraph.cli.formats import Format, FormatOption, show_rows, show_written
from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.memory import keep_to_the_end, stop_collecting, sweep_memory, sweeping
from netgraph.cli.reading import start_reading
from netgraph.cli.terminal import (
    console_for,
    day_of,
    print_findings,
    print_text,
    progress_bar,
    reaches,
    tell_of_compilation,
)


class FailOn(StrEnum):
    """From which severity on findings make the exit code 1."""

    NEVER = "never"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Objective(StrEnum):
    """What the pair of routes that must share something shares least of."""

    RISKS = "risks"
    METRES = "metres"
    OUTAGE = "outage"


Inventory = Annotated[
    Path, typer.Argument(metavar="INVENTORY", help="Folder of CSV files, .xlsx or .gpkg.")
]
_Out = Annotated[Path, typer.Option("-o", "--out", help="Folder to write.")]
_FailOn = Annotated[FailOn, typer.Option("--fail-on", help="Exit 1 from: error, warning, info.")]
_Encoding = Annotated[
    Optional[str],
    typer.Option("--encoding", help="Of CSV files; else UTF-8, then GB18030."),
]


def assess(
    inventory: Inventory,
    out: _Out,
    rules: Annotated[
        Optional[Path],
        typer.Option("--rules", help="Thresholds, required levels (TOML)."),
    ] = None,
    scorecard: Annotated[
        Optional[Path],
        typer.Option("--scorecard", help="Items, points and grades (TOML)."),
    ] = None,
    rates: Annotated[
        Optional[Path],
        typer.Option("--rates", help="Failure rates, repair times (TOML)."),
    ] = None,
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
        typer.Option("--radius", help="Pairs that one disk of this radius hits."),
    ] = None,
    as_of: Annotated[
        Optional[str],
        typer.Option("--as-of", help="Date for ages, such as 2026-06-30."),
    ] = None,
    search_seconds: Annotated[
        float, typer.Option("--search-seconds", min=0, help="Limit of the searches; 0: none.")
    ] = 3.0,
    objective: Annotated[
        Objective,
        typer.Option("--objective", help="Share least: risks, metres, outage."),
    ] = Objective.RISKS,
    lang: LangOption = LOCALE_LANG,
    form: FormatOption = Format.TABLE,
    encoding: _Encoding = None,
    plan: Annotated[
        Optional[Path],
        typer.Option(
            "--plan", metavar="PLAN", help="Show its works (folder of netgraph upgrades)."
        ),
    ] = None,
    certificates: Annotated[
        bool, typer.Option("--certificates", help="Write evidence for netgraph verify.")
    ] = False,
    separation: Annotated[
        bool, typer.Option("--separation", help="Write how far apart the routes of pairs run.")
    ] = False,
    city_maps: Annotated[
        bool, typer.Option("--city-maps", help="Draw a map of each city as well.")
    ] = False,
    no_maps: Annotated[bool, typer.Option("--no-maps", help="Draw no maps and no charts.")] = False,
    no_html: Annotated[bool, typer.Option("--no-html", help="Write no web page.")] = False,
    no_workbook: Annotated[
        bool, typer.Option("--no-workbook", help="Write no Excel workbook.")
    ] = False,
    no_gpkg: Annotated[bool, typer.Option("--no-gpkg", help="Write no GeoPackage.")] = False,
    no_pdf: Annotated[bool, typer.Option("--no-pdf", help="Write no printable report.")] = False,
    fail_on: _FailOn = FailOn.NEVER,
) -> None:
    """Audit every circuit, score every site; write tables, maps and reports."""
    stop_collecting()
    # While the rest is loaded; with another date there is something else to be found.
    reading = start_reading(inventory, encoding=encoding, checks=as_of is None)
    from netgraph import assessment as job
    from netgraph.assessment.works.read import check_fits, check_source, read_plan
    from netgraph.diversity.availability import load_rates
    from netgraph.diversity.compile_ahead import compiling_ahead, load_kept
    from netgraph.diversity.compiled import telling_of_compilation
    from netgraph.diversity.rules import load_rules
    from netgraph.report.console import print_summary
    from netgraph.scoring import load_scorecard

    options = job.Options(
        rules=load_rules(rules), card=load_scorecard(scorecard), rates=load_rates(rates),
        as_of=day_of(as_of, "--as-of"), search_seconds=search_seconds, lang=lang.value,
        hazards=tuple(hazard or ()), hazard_kind=hazard_kind, radius_m=radius_m,
        objective=objective.value,
    )  # fmt: skip
    planned = read_plan(plan) if plan else None
    with (
        progress_bar() as progress,
        compiling_ahead(),
        telling_of_compilation(tell_of_compilation),
    ):
        if progress:
            progress("read", 0, 1)
        load_kept(reading.done)
        source = reading.result()
        sweep_memory()  # what another thread left would be of no use to this one
        told = sweeping(progress)
        if planned:
            check_source(planned, source)
        if progress:
            progress("read", 1, 1)
        with job.assessment_output(out) as output:

            def write_known(known: job.Assessment) -> None:
                sweep_memory()  # the passes of the searches are over, and took the most
                output.write_known(known)

            result = job.assess(
                source, options, progress=told, meanwhile=write_known, checked=reading.find_findings
            )
            sweep_memory()
            if progress:
                progress("write", 0, 1)
            output.write(
                result, maps=not no_maps, certificates=certificates, separation=separation,
                html=not no_html,
                handover=job.Handover(
                    workbook=not no_workbook, geopackage=not no_gpkg, charts=not no_maps,
                    pdf=not no_pdf, city_maps=city_maps,
                    works=check_fits(planned, result) if planned else None,
                ),
            )  # fmt: skip
    keep_to_the_end(source, result)
    print_findings(result.findings)
    show_written(
        form, out, "sites",
        lambda: print_summary(result.summary, console_for(sys.stdout), lang.value),
    )  # fmt: skip
    print_text("written_to", path=out)
    if reaches(result.findings, fail_on.value):
        raise typer.Exit(1)


def check(
    inventory: Inventory,
    form: FormatOption = Format.TABLE,
    lang: LangOption = LOCALE_LANG,  # noqa: ARG001 - its callback sets what is spoken
    encoding: _Encoding = None,
    fail_on: _FailOn = FailOn.ERROR,
) -> None:
    """Read an inventory and list everything that is wrong with it."""
    from netgraph.inventory import Finding, check_inventory, read_inventory

    source = read_inventory(inventory, encoding=encoding)
    findings = sorted({*source.findings, *check_inventory(source)})
    rows = sum(len(table) for table in source.tables.values())

    def print_all() -> None:
        print_findings(findings, most=None, stream=sys.stdout)
        print_text("rows_read", stream=sys.stdout, rows=f"{rows:,}", findings=f"{len(findings):,}")

    columns = tuple(field.name for field in fields(Finding))
    show_rows(
        form, columns, map(astuple, findings),
        {"rows": rows, "findings": [asdict(finding) for finding in findings]}, print_all,
    )  # fmt: skip
    if reaches(findings, fail_on.value):
        raise typer.Exit(1)
