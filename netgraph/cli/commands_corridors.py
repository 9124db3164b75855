"""`netgraph corridors`: what two networks share along the way."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netgraph.cli.formats import Format, FormatOption, show_written
from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.terminal import console_for, print_text, tell_of_compilation

if TYPE_CHECKING:
    from netgraph.assessment.corridors.find import Corridors

_NETWORK = "OFDS (JSON, GeoJSON), GML, or an inventory."


def corridors(
    network: Annotated[Path, typer.Argument(metavar="A", help=_NETWORK)],
    other: Annotated[Path, typer.Argument(metavar="B", help="The network to compare it with.")],
    within_m: Annotated[float, typer.Option("--within", help="Metres that count as shared.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write.")],
    lang: LangOption = LOCALE_LANG,
    form: FormatOption = Format.TABLE,
) -> None:
    """Measure how many metres of the spans of A lie close to a span of B, and map them."""
    from netgraph.assessment.corridors.find import shared_corridors
    from netgraph.assessment.corridors.write import write_corridors
    from netgraph.diversity.compiled import telling_of_compilation
    from netgraph.inventory.plant import read_plant_network

    first, second = read_plant_network(network), read_plant_network(other)
    with telling_of_compilation(tell_of_compilation):
        answer = shared_corridors(first, second, within_m)
    write_corridors(answer, out, lang=lang.value)
    show_written(form, out, "corridors", lambda: _print(answer, lang.value))
    print_text("written_to", path=out)


def _print(answer: Corridors, lang: str) -> None:
    """Print the sums, and what they rest on where that is not all drawn."""
    from netgraph.report import labels
    from netgraph.units import M_PER_KM

    s, console = answer.summary, console_for(sys.stdout)
    language: labels.Language = "zh" if lang == "zh" else "en"
    shared = labels.text("corridor_shared", language, within=f"{s.within_m:g}")
    kilometres = labels.text("kilometres", language)
    names = (answer.network.name, answer.other.name)
    console.print(" / ".join(filter(None, names)), markup=False)
    if s.spans_measured and s.other_spans_measured:
        share = s.shared_m / s.total_m if s.total_m else 0.0
        console.print(
            f"{shared}: {s.shared_m / M_PER_KM:,.1f} / {s.total_m / M_PER_KM:,.1f} {kilometres} "
            f"({share:.1%})"
        )
    else:
        console.print(f"{shared}: {labels.text('corridor_undecidable', language)}")
    counts = {"spans": s.spans_shared, "measured": s.spans_measured, "all": s.spans}
    console.print(labels.text("corridor_spans", language, **counts))
    for word, metres in (("assumed", s.assumed_shared_m), ("doubtful", s.doubtful_shared_m)):
        if metres:
            note = labels.text(f"corridor_{word}", language)
            console.print(f"{note}: {metres / M_PER_KM:,.1f} {kilometres}")
    missing = s.spans - s.spans_measured, s.other_spans - s.other_spans_measured
    if any(missing):
        counts = {"first": missing[0], "second": missing[1]}
        console.print(labels.text("corridor_unmeasured", language, **counts))
