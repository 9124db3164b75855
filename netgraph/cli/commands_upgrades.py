"""`netgraph upgrades`: what to build, in which order, and what it buys."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from netgraph.cli.commands_assess import Inventory
from netgraph.cli.formats import Format, FormatOption, show_written
from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.memory import sweeping
from netgraph.cli.terminal import (
    console_for,
    print_findings,
    print_text,
    progress_bar,
    tell_of_compilation,
    tell_of_stopping,
)
from netgraph.errors import UsageError
from netgraph.messages import Message


def upgrades(
    inventory: Inventory,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write.")],
    budget: Annotated[
        Optional[float], typer.Option("--budget", metavar="YUAN", help="What it may cost.")
    ] = None,
    target: Annotated[
        str, typer.Option("--target", metavar="GRADE", help="Least cost to reach this grade.")
    ] = "",
    works: Annotated[
        Optional[Path],
        typer.Option("--works", help="Exactly these works: an id a line."),
    ] = None,
    tier: Annotated[
        Optional[list[str]],
        typer.Option("--tier", help="Sites of this tier; repeatable."),
    ] = None,
    sites: Annotated[
        Optional[Path], typer.Option("--sites", help="These sites: an id a line.")
    ] = None,
    prices: Annotated[Optional[Path], typer.Option("--prices", help="Unit prices (TOML).")] = None,
    weights: Annotated[
        Optional[Path], typer.Option("--weights", help="Weights of the benefit (TOML).")
    ] = None,
    apply: Annotated[
        Optional[Path],
        typer.Option("--apply", metavar="OUT2", help="Write the upgraded inventory."),
    ] = None,
    plan_seconds: Annotated[
        float, typer.Option("--plan-seconds", min=1, help="Limit of each optimisation.")
    ] = 60.0,
    search_seconds: Annotated[
        float, typer.Option("--search-seconds", min=0, help="Limit of the searches; 0: none.")
    ] = 3.0,
    no_new_plant: Annotated[
        bool, typer.Option("--no-new-plant", help="Plan on today's plant only.")
    ] = False,
    no_maps: Annotated[bool, typer.Option("--no-maps", help="Draw no map and no chart.")] = False,
    no_workbook: Annotated[
        bool, typer.Option("--no-workbook", help="Write no Excel workbook.")
    ] = False,
    no_gpkg: Annotated[bool, typer.Option("--no-gpkg", help="Write no GeoPackage.")] = False,
    no_pdf: Annotated[bool, typer.Option("--no-pdf", help="Draw the map as PNG only.")] = False,
    no_re_homing: Annotated[
        bool, typer.Option("--no-re-homing", help="Propose no second centres.")
    ] = False,
    rules: Annotated[
        Optional[Path],
        typer.Option("--rules", help="Thresholds, required levels (TOML)."),
    ] = None,
    scorecard: Annotated[
        Optional[Path], typer.Option("--scorecard", help="Items, points and grades (TOML).")
    ] = None,
    lang: LangOption = LOCALE_LANG,
    form: FormatOption = Format.TABLE,
    encoding: Annotated[
        Optional[str],
        typer.Option("--encoding", help="Of CSV files; else UTF-8, then GB18030."),
    ] = None,
) -> None:
    """List works with what they cost and buy; choose the best for a budget or a target grade."""
    from netgraph.assessment.options import Options
    from netgraph.assessment.planning.bundle import choose_works
    from netgraph.assessment.planning.run import UpgradeOptions, plan_upgrades
    from netgraph.assessment.planning.sites import read_site_ids, read_work_ids
    from netgraph.assessment.planning.write import PlanFiles, write_upgrades
    from netgraph.diversity.compiled import telling_of_compilation
    from netgraph.diversity.rules import load_rules
    from netgraph.inventory import read_inventory, write_inventory
    from netgraph.report.works import print_plan
    from netgraph.scoring import load_scorecard
    from netgraph.upgrades.prices import load_prices
    from netgraph.upgrades.settings import load_settings

    bundle = None if works is None else read_work_ids(works)
    if bundle and (budget is not None or target):
        message = Message("works and a budget or target grade were given: give one of them")
        raise UsageError(message)
    options = UpgradeOptions(
        prices=load_prices(prices), settings=load_settings(weights), budget_yuan=budget,
        target=target, tiers=tuple(tier or ()),
        sites=read_site_ids(sites) if sites is not None else (), new_plant=not no_new_plant,
        re_homing=not no_re_homing, plan_seconds=plan_seconds,
        assessment=Options(
            rules=load_rules(rules), card=load_scorecard(scorecard),
            search_seconds=search_seconds, lang=lang.value,
        ),
    )  # fmt: skip
    with progress_bar() as progress, telling_of_compilation(tell_of_compilation):
        if progress:
            progress("read", 0, 1)
        source = read_inventory(inventory, encoding=encoding)
        if progress:
            progress("read", 1, 1)
        told = sweeping(progress, between=True)
        plan = plan_upgrades(source, options, progress=told, on_stop=tell_of_stopping)
        if bundle:
            plan = choose_works(plan, bundle)
        if progress:
            progress("write", 0, 1)
        files = PlanFiles(
            workbook=not no_workbook, geopackage=not no_gpkg, maps=not no_maps, pdf=not no_pdf
        )
        write_upgrades(plan, out, files)
        if apply is not None:
            write_inventory(plan.inventory, apply)
    print_findings(plan.before.findings)
    show_written(
        form, out, "upgrades",
        lambda: print_plan(plan.summary, console_for(sys.stdout), lang.value),
    )  # fmt: skip
    print_text("written_to", path=out)
    if apply is not None:
        print_text("upgraded_written", path=apply)
