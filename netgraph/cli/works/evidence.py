"""Take a plan in, and hold works to newer records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from netgraph.cli.commands_assess import Inventory
from netgraph.cli.language import LOCALE_LANG, Lang, LangOption
from netgraph.cli.terminal import console_for, print_findings, print_text, tell_of_compilation
from netgraph.cli.works.options import (
    DEFAULT_REGISTER,
    By,
    City,
    OfKind,
    Person,
    Register,
    SameNetwork,
    selection,
)

if TYPE_CHECKING:
    from netgraph.report.labels import Language
    from netgraph.works.verifying import Outcome, Verification

_MOST = 20  # works that are told of; `netgraph works list` has all


def open_plan(
    plan: Annotated[Path, typer.Argument(metavar="PLAN_DIR", help="Output of netgraph upgrades.")],
    by: By,
    register: Register = DEFAULT_REGISTER,
    same_network: SameNetwork = False,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """Take the chosen works of a plan in: each once, and again after each new plan."""
    from netgraph.report import labels
    from netgraph.works import WorksRegister

    found = WorksRegister(register).open_plan(plan, by=by, same_network=same_network)
    console, language = console_for(sys.stdout), _language(lang)
    console.print(labels.text(
        "register_opened", language, new=len(found.new), known=len(found.known),
        updated=len(found.updated), recurred=len(found.recurred),
    ))  # fmt: skip
    for name in found.recurred:
        console.print(f"  {name} {labels.label('work_state', 'reopened', language)}")
    if found.withdrawn:
        console.print(labels.text("register_withdrawn", language, count=len(found.withdrawn)))
    for name in found.withdrawn[:_MOST]:
        console.print(f"  {name} {labels.label('work_state', 'withdrawn', language)}")
    if len(found.withdrawn) > _MOST:
        console.print(labels.text("register_more", language, count=len(found.withdrawn) - _MOST))
    print_text("written_to", path=register)


def verify(
    inventory: Inventory,
    by: By,
    ids: Annotated[
        Optional[list[str]], typer.Argument(metavar="[WORK]...", help="Works by id.")
    ] = None,
    city: City = "",
    kind: OfKind = "",
    person: Person = "",
    register: Register = DEFAULT_REGISTER,
    scorecard: Annotated[
        Optional[Path], typer.Option("--scorecard", help="The plan's own scorecard (TOML).")
    ] = None,
    hazard: Annotated[
        Optional[list[Path]],
        typer.Option("--hazard", help="Layer of areas, where it is not where the plan read it."),
    ] = None,
    same_network: SameNetwork = False,
    lang: LangOption = LOCALE_LANG,
    encoding: Annotated[
        Optional[str],
        typer.Option("--encoding", help="Of CSV files; else UTF-8, then GB18030."),
    ] = None,
) -> None:
    """Hold submitted works to a newer inventory; what now positively passes is verified.

    Works that were proven before are looked at again, and reopened if they fail. Exits 1 if a
    work was not verified, or failed again.
    """
    from netgraph.diversity.compiled import telling_of_compilation
    from netgraph.inventory import read_inventory
    from netgraph.scoring import load_scorecard
    from netgraph.works import WorksRegister
    from netgraph.works.verifying import Measure, verify_works

    source = read_inventory(inventory, encoding=encoding)
    measure = Measure(load_scorecard(scorecard), tuple(hazard or ()), same_network)
    with telling_of_compilation(tell_of_compilation):
        found = verify_works(
            WorksRegister(register),
            source,
            selection(ids, city, kind, person, may_be_all=True),
            by=by,
            measure=measure,
        )
    print_findings(source.findings, rest="findings_more_check")
    _print(found, _language(lang))
    if not found.is_proven:
        raise typer.Exit(1)


def _print(found: Verification, lang: Language) -> None:
    """Say how many works came to which state, and of each that is not proven what is lacking."""
    from netgraph.report import labels
    from netgraph.works.states import DONE, State

    console = console_for(sys.stdout)
    day = found.snapshot_date.isoformat()
    console.print(
        labels.text("register_verified", lang, count=len(found.outcomes), date=day), markup=False
    )
    still = [o for o in found.outcomes if o.before in DONE and o.after is o.before]
    moved = [outcome for outcome in found.outcomes if outcome not in still]
    for state in State:
        count = sum(outcome.after is state for outcome in moved)
        if count:
            console.print(f"  {labels.label('work_state', state, lang)}: {count}")
    sure = sum(outcome.is_proven for outcome in still)
    if sure:
        console.print(f"  {labels.text('register_still', lang, count=sure)}")
    lacking = [outcome for outcome in found.outcomes if not outcome.is_proven]
    for outcome in lacking[:_MOST]:
        _print_outcome(outcome, lang, is_doubt=outcome in still)
    if len(lacking) > _MOST:
        console.print(labels.text("register_more", lang, count=len(lacking) - _MOST))
    for work, why in found.skipped[:_MOST]:
        console.print(labels.text("register_skipped", lang, work=work, why=why), markup=False)
    if len(found.skipped) > _MOST:
        console.print(labels.text("register_more", lang, count=len(found.skipped) - _MOST))


def _print_outcome(outcome: Outcome, lang: Language, *, is_doubt: bool) -> None:
    from netgraph.report import labels
    from netgraph.works.model import Proof
    from netgraph.works.tables import sentence

    console = console_for(sys.stdout)
    state = labels.label("work_state", outcome.after, lang)
    told = labels.text("register_doubt", lang, work=outcome.work_id)
    console.print(told if is_doubt else f"{outcome.work_id}: {state}", markup=False)
    for check in outcome.checks:
        if check.proof is not Proof.PASSED:
            console.print(f"    {sentence(check, lang)}", markup=False)


def _language(lang: Lang) -> Language:
    return "zh" if lang is Lang.ZH else "en"
