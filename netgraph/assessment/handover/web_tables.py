"""The tables of the web page: like the CSV files, with positions where those have ids."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.assessment.rows import table_rows
from netgraph.diversity.audit.reasons import reason_for
from netgraph.diversity.levels import Section
from netgraph.inventory.findings import SEVERITIES
from netgraph.messages import say_message
from netgraph.report.contract import table_specs
from netgraph.report.figures import MODELLED_DECIMALS, round_modelled
from netgraph.report.trace.words import record
from netgraph.report.web.model import PageColumn, PageTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding
    from netgraph.inventory import Finding
    from netgraph.report.contract import Column

#: Like the CSV files, column by column.
_AS_WRITTEN = ("cities", "counties", "customers")
_MOST_FINDINGS = 5_000
_MOST_NAMES = 3
_DECIMALS = {"number": 1}
_SECTION_COLUMNS = {section: f"level_{section.value}" for section in Section}


def page_tables(
    results: Results, standings: Sequence[SiteStanding]
) -> tuple[tuple[PageTable, ...], dict[str, int]]:
    """Give the tables of the page, and how many rows of which table it leaves out."""
    site_of = {standing.place: row for row, standing in enumerate(standings)}
    units = page_units(results)
    tables = [
        PageTable("sites", tuple(_sites(results, standings))),
        PageTable("circuits", tuple(_circuits(results, site_of, units))),
        PageTable("units", tuple(_units(results, site_of, units))),
        PageTable("hazards", tuple(_hazards(results, units))),
        PageTable("causes", tuple(_causes(results))),
    ]
    for name in _AS_WRITTEN:
        columns = table_specs()[name].columns
        tables.append(PageTable(name, tuple(_by_contract(columns, table_rows(results, name)))))
    worst_first = sorted(results.findings, key=lambda f: SEVERITIES.index(f.severity))
    tables.append(PageTable("findings", tuple(_findings(worst_first[:_MOST_FINDINGS]))))
    left_out = len(worst_first) - _MOST_FINDINGS
    return tuple(tables), {"findings": left_out} if left_out > 0 else {}


def page_units(results: Results) -> list[int]:
    """Return the units that judge the circuits' groups, in the order of the page."""
    return sorted(set(results.audit.units.group_of_circuit.tolist()))


def _column(name: str, kind: str, values: Iterable[object], group: str = "") -> PageColumn:
    return PageColumn(name, kind, list(values), group)


def _number(name: str, values: Iterable[object], decimals: int = 0) -> PageColumn:
    return PageColumn(name, "number", list(values), decimals=decimals)


def _sites(results: Results, standings: Sequence[SiteStanding]) -> Iterable[PageColumn]:
    spec = table_specs()["sites"]
    by_id = {str(row[0]): row for row in table_rows(results, "sites")}
    rows = [by_id[standing.site_id] for standing in standings]
    yield from _by_contract(spec.columns, rows)
    targets = results.availability_found.sites
    target_of = dict(zip(
        results.availability_found.site_places.tolist(),
        targets.target_minutes_year.tolist(), strict=True,
    ))  # fmt: skip
    yield _column("place", "place", (s.place for s in standings))
    yield _column("severity", "word", (s.severity.value for s in standings), "severity")
    minutes = (round_modelled(s.outage_minutes_year) for s in standings)
    yield _number("outage_minutes_year", minutes, MODELLED_DECIMALS)
    yield _number("target_minutes_year", (target_of.get(s.place) for s in standings), 1)
    yield _column("is_unconfirmed", "flag", (s.is_unconfirmed for s in standings))


def _circuits(
    results: Results, site_of: Mapping[int, int], units: Sequence[int]
) -> Iterable[PageColumn]:
    circuits, spec = results.network.circuits, table_specs()["circuits"]
    row_of_unit = {unit: row for row, unit in enumerate(units)}
    taken = {"site_id", "b_id", "reason"}
    columns = [i for i, column in enumerate(spec.columns) if column.name not in taken]
    rows = [[row[i] for i in columns] for row in table_rows(results, "circuits")]
    yield from _by_contract([spec.columns[i] for i in columns], rows)
    yield _column("site", "site", (site_of.get(place, -1) for place in circuits.a.tolist()))
    yield _column("b_place", "place", circuits.b.tolist())
    yield _column("b2_place", "place", circuits.b2.tolist())
    group_of = results.audit.units.group_of_circuit.tolist()
    yield _column("unit", "unit", (row_of_unit[unit] for unit in group_of))


def _units(
    results: Results, site_of: Mapping[int, int], units: Sequence[int]
) -> Iterable[PageColumn]:
    audit = results.audit
    verdicts = [audit.verdicts[unit] for unit in units]
    yield _column("name", "text", (v.name for v in verdicts))
    first = (int(results.network.circuits.a[v.circuits[0]]) for v in verdicts)
    yield _column("site", "site", (site_of.get(place, -1) for place in first))
    yield _column("level", "word", (v.level.value for v in verdicts), "level")
    for name in (
        "is_complete", "logical_diverse", "plant_diverse", "physical_diverse", "is_single",
        "is_unconfirmed", "is_derived", "is_suspected",
    ):  # fmt: skip
        yield _column(name, "flag", (getattr(v, name) for v in verdicts))
    yield _column("confidence", "word", (v.confidence for v in verdicts), "confidence")
    for section, name in _SECTION_COLUMNS.items():
        levels = (v.section_levels.get(section) for v in verdicts)
        yield _column(name, "word", (level.value if level else "" for level in levels), "level")
    for lang in ("en", "zh"):
        sentences = (reason_for(audit, v, results.located[v.unit], lang) for v in verdicts)
        yield _column(f"reason_{lang}", "text", sentences)
    missing = [(*v.missing, *v.roleless) for v in verdicts]
    yield _column("missing_en", "text", map("; ".join, missing))
    yield _column(
        "missing_zh", "text", ("；".join(record(words, "zh") for words in m) for m in missing)
    )


def _hazards(results: Results, units: Sequence[int]) -> Iterable[PageColumn]:
    """Hazards by rank; what a hazard has in common with its cause stands there."""
    found = results.hazards_found
    row_of_unit = {unit: row for row, unit in enumerate(units)}
    row_of_cause = {cause.cause_id: row for row, cause in enumerate(results.causes_found)}
    yield _column("hazard_id", "text", (h.hazard_id for h in found))
    yield _column("cause", "cause", (row_of_cause[h.cause_id] for h in found))
    yield _column("unit", "unit", (row_of_unit[h.unit] for h in found))
    yield _column("severity", "word", (h.severity.value for h in found), "severity")
    yield _column("elements", "text", (_shortened(h.run.elements) for h in found))
    yield _column("section", "word", (h.run.section for h in found), "section")
    yield _number("shared_length_m", (h.run.length_m for h in found))
    yield _number("distance_from_a_m", (h.run.distance_from_a_m for h in found))


def _shortened(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" +{rest}" if rest > 0 else "")


def _causes(results: Results) -> Iterable[PageColumn]:
    found = results.causes_found
    yield _column("cause_id", "text", (c.cause_id for c in found))
    yield _column("severity", "word", (c.severity.value for c in found), "severity")
    yield _column("kind", "word", (c.kind for c in found), "kind")
    yield _column("from_place", "place", (c.from_place for c in found))
    yield _column("to_place", "place", (c.to_place for c in found))
    for name in ("length_m", "hazards", "circuits", "sites", "customers"):
        yield _number(name, (getattr(c, name) for c in found))
    yield _column("worst_tier", "word", (c.worst_tier for c in found), "tier")


def _findings(findings: Sequence[Finding]) -> Iterable[PageColumn]:
    """Give what is wrong with the data, in both languages."""
    *columns, _, _ = table_specs()["findings"].columns
    rows = [[getattr(finding, column.name) for column in columns] for finding in findings]
    for column in _by_contract(columns, rows):
        is_table = column.name == "table"
        yield replace(column, kind="word", group="inventory_table") if is_table else column
    for lang in ("en", "zh"):
        for part in ("message", "hint"):
            texts = [say_message(getattr(finding, part), lang) for finding in findings]
            yield _column(f"{part}_{lang}", "text", texts)


def _by_contract(
    columns: Sequence[Column], rows: Sequence[Sequence[object]]
) -> Iterable[PageColumn]:
    """Carry columns of the output contract over."""
    for i, column in enumerate(columns):
        values = [row[i] for row in rows]
        if column.kind in {"id", "text", "enum"}:
            yield _column(column.name, "word" if column.allowed else "text", values, column.allowed)
        elif column.kind == "bool":
            yield _column(column.name, "flag", values)
        elif column.kind == "ratio":
            yield _column(column.name, "ratio", values)
        else:
            yield _number(column.name, values, _DECIMALS.get(column.kind, 0))
