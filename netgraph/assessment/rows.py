"""Rows and columns of the output tables, in the column order of the output contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.areas import area_rows
from netgraph.assessment.measures.availability import (
    availability_columns,
    availability_site_columns,
)
from netgraph.assessment.measures.faults import fault_rows
from netgraph.assessment.measures.ring_findings import ring_finding_rows
from netgraph.assessment.measures.rings import ring_rows
from netgraph.diversity.hazard_values import HAZARD_KINDS
from netgraph.diversity.hazards import hazard_columns, run_parts
from netgraph.diversity.levels import Severity
from netgraph.diversity.sharing.runs import SECTION_NAMES
from netgraph.report.cells import Coded, columns_of_rows, plain_values
from netgraph.report.contract import table_specs
from netgraph.scoring.results import RESULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.assessment.results import Results
    from netgraph.diversity.audit.positions import SharedRun
    from netgraph.diversity.hazard_runs import RunParts
    from netgraph.diversity.hazards import HazardColumns
    from netgraph.report.cells import Cells

    Row = tuple[object, ...]

_TABLE_OF_RUN = {
    "link": "links", "cable": "cables", "trench": "spans", "structure": "structures",
    "risk_group": "risk_groups", "equipment": "equipment", "single_route": "links",
    "radio_backup": "links", "proximity": "spans", "region": "spans",
}  # fmt: skip


def table_rows(results: Results, table: str) -> list[Row]:
    """Rows of one table of the contract; cities, counties and customers are computed from sites."""
    return list(zip(*map(plain_values, table_columns(results, table)), strict=True))


def table_columns(results: Results, table: str) -> Sequence[Cells]:
    """Columns of one table of the contract, as long as each other."""
    kept = {"sites": "site_columns", "circuits": "circuit_columns"}
    if table in kept:
        columns: Sequence[Cells] = getattr(results, kept[table])
        return columns
    by_column = {
        "hazards": _hazards, "causes": _causes, "items": _items,
        "availability": availability_columns, "availability_sites": availability_site_columns,
    }  # fmt: skip
    if table in by_column:
        return by_column[table](results)
    by_row = {
        "findings": _findings, "faults": fault_rows, "rings": ring_rows,
        "ring_findings": ring_finding_rows,
    }  # fmt: skip
    rows = by_row[table](results) if table in by_row else area_rows(results, table)
    return columns_of_rows(rows, len(table_specs()[table].columns))


def _hazards(results: Results) -> list[Cells]:
    elements, found = results.network.elements, hazard_columns(results.hazards_found)
    kind_of = dict(zip(elements.risk_ids.tolist(), elements.risk_kinds.tolist(), strict=True))
    ids = [*results.network.places.ids.tolist(), ""]
    parts = run_parts(found.runs)
    is_group = found.kind == HAZARD_KINDS.index("risk_group")
    kinds = [""] * len(parts.lists)
    for listed in np.unique(parts.listed[is_group]).tolist():
        several = (kind_of.get(group, "") for group in parts.lists[listed])
        kinds[listed] = ";".join(dict.fromkeys(several))
    return [
        found.hazard_id, Coded(found.cause, found.cause_ids), Coded(found.site, ids),
        Coded(found.unit, results.audit.verdicts.names.tolist()),
        Coded(found.severity, list(Severity)), Coded(found.kind, HAZARD_KINDS),
        Coded(found.from_place, ids), Coded(found.to_place, ids),
        _shared(results, found, parts), Coded(parts.section, SECTION_NAMES),
        found.length_m, np.where(np.isinf(parts.start_m), np.nan, parts.start_m),
        found.lon, found.lat, np.arange(1, len(is_group) + 1),
        Coded(np.where(is_group, parts.listed, len(kinds)), [*kinds, ""]),
    ]  # fmt: skip


def _shared(results: Results, found: HazardColumns, parts: RunParts) -> Coded:
    """Rows that hazards share; each distinct list of them is written once."""
    tells_table = np.array([kind in _TABLE_OF_RUN for kind in HAZARD_KINDS])
    place = np.where(tells_table[found.kind], 0, found.from_place + 1)
    width = len(results.network.places) + 1
    key = (found.kind * len(parts.lists) + parts.listed) * width + place
    _, first, code = np.unique(key, return_index=True, return_inverse=True)
    made = [
        _rows_of(
            results, HAZARD_KINDS[found.kind[i]], parts.lists[parts.listed[i]], found.from_place[i]
        )
        for i in first.tolist()
    ]
    return Coded(code, made)


def shared_rows(results: Results, run: SharedRun) -> str:
    """Return the rows that a run shares, as table:id (the missing records where undecidable)."""
    return _rows_of(results, run.kind, run.elements, run.from_place)


def _rows_of(results: Results, run_kind: str, elements: tuple[str, ...], from_place: int) -> str:
    if run_kind == "undecidable":
        return "; ".join(elements)
    table = _TABLE_OF_RUN.get(run_kind)
    if table is None:
        kind = results.network.places.kind[from_place] if from_place >= 0 else 0
        table = ("offices", "sites", "structures")[kind]
    return f"{table}:" + f";{table}:".join(elements) if elements else ""


def _causes(results: Results) -> list[Cells]:
    ids, found = [*results.network.places.ids.tolist(), ""], results.causes_found
    return [
        [cause.cause_id for cause in found], [cause.kind for cause in found],
        [ids[cause.from_place] for cause in found], [ids[cause.to_place] for cause in found],
        [cause.length_m for cause in found], [cause.hazards for cause in found],
        [cause.circuits for cause in found], [cause.sites for cause in found],
        [cause.customers for cause in found], [cause.worst_tier for cause in found],
        [cause.lon for cause in found], [cause.lat for cause in found],
        [cause.severity for cause in found], list(range(1, len(found) + 1)),
    ]  # fmt: skip


def _items(results: Results) -> list[Cells]:
    items, columns = results.scores.items, results.scores.items.columns()
    return [
        Coded(columns.site, results.network.places.ids[items.places].tolist()),
        Coded(columns.item, [item.item_id for item in items.items]),
        Coded(columns.result, RESULTS), columns.points, columns.marks,
        Coded(columns.evidence, columns.texts),
    ]  # fmt: skip


def _findings(results: Results) -> list[Row]:
    return [(f.rule, f.severity, f.table, f.row_id, f.message, f.hint) for f in results.findings]
