"""Change one record, and exactly the verdicts that rest on it change."""

from __future__ import annotations

import copy

import pytest
from commands import BANK, read_rows

import netgraph as ng
from netgraph.datasets import example_columns
from netgraph.inventory import load_schema

KEYS = {
    "sites": "site_id", "circuits": "circuit_id", "hazards": "hazard_id", "causes": "cause_id",
    "cities": "city", "customers": "customer_id",
}  # fmt: skip


def differing(before, after, table):
    """Columns that differ, by the key of their row; a new or vanished row differs in "row"."""
    key = KEYS.get(table)

    def rows(run):
        found = {}
        for row in run.tables[table]:
            rest = dict(row)
            rest.pop("rank", None)  # one site that gets better moves the others up
            name = row[key] if key else "/".join(list(row.values())[:2])
            found[name] = rest
        return found

    one, other = rows(before), rows(after)
    changes = {name: {"row"} for name in one.keys() ^ other.keys()}
    for name in one.keys() & other.keys():
        columns = {column for column in one[name] if one[name][column] != other[name][column]}
        if columns:
            changes[name] = columns
    return changes


@pytest.fixture(scope="module")
def changed(written):
    """Assess twin_ring after a change of its columns."""

    def assess(change):
        columns = copy.deepcopy(example_columns("twin_ring"))
        change(columns)
        return written(ng.from_columns(columns))

    return assess


def setting(table, row_id, **cells):
    """Set cells of the row with this id."""

    def change(columns):
        row = columns[table]["id"].index(row_id)
        for column, cell in cells.items():
            column_cells = columns[table].setdefault(column, [None] * len(columns[table]["id"]))
            column_cells[row] = cell

    return change


def adding(table, **cells):
    """Add a row."""

    def change(columns):
        for column, listed in columns[table].items():
            listed.append(cells.get(column))

    return change


def both(*changes):
    """Make several changes."""

    def change(columns):
        for one in changes:
            one(columns)

    return change


# change -> the site whose verdict it is, and the level before and after
ONE_RECORD = {
    "the second duct of S2 is recorded in a trench of its own": (
        setting("spans", "D-H2-H4", trench_id="T-S2b"), "S2", "same_trench", "diverse",
    ),
    "the cable of S5 gets its missing span": (
        both(
            adding("spans", id="D-NEW", from_id="S5", to_id="E1", medium="duct"),
            adding("cable_spans", cable_id="C-S5-E1", seq=1, span_id="D-NEW"),
        ),
        "S5", "undecidable", "diverse",
    ),
    "the flood zone of S6 no longer holds its second duct": (
        lambda columns: _drop_last(columns["risk_members"]), "S6", "same_risk_group", "diverse",
    ),
    "a link of S1 goes out of service": (
        setting("links", "A-S1-E1", status="retired"), "S1", "diverse", "undecidable",
    ),
    "the protection of S4 is claimed and its route not recorded": (
        setting("circuits", "L5", protection="path"), "S4", "single_route", "undecidable",
    ),
    "the building of the office E1 is not known": (
        setting("offices", "E1", building_id=None), "S1", "diverse", "undecidable",
    ),
}  # fmt: skip


def _drop_last(table):
    for cells in table.values():
        cells.pop()


@pytest.mark.parametrize("case", ONE_RECORD)
def test_one_record_of_the_twin_ring_changes_one_site(twin_ring, changed, case):
    change, site, before, after = ONE_RECORD[case]
    result = changed(change)

    levels = {row["site_id"]: row["recorded_level"] for row in twin_ring.tables["sites"]}
    assert levels[site] == before
    assert {row["site_id"]: row["recorded_level"] for row in result.tables["sites"]} == {
        **levels, site: after,
    }  # fmt: skip
    judged = {"recorded_level", "group_level", "logical_diverse", "plant_diverse"}
    touched = differing(twin_ring, result, "circuits")
    circuits = {row["circuit_id"]: row["site_id"] for row in twin_ring.tables["circuits"]}
    assert {circuits[name] for name, columns in touched.items() if columns & judged} == {site}


SITE, OFFICE = "S-0145", "O-0100E"


@pytest.fixture(scope="module")
def bank_with_second_access(written):
    """The bank after one more access cable was dug to one of its single-route sites.

    ::

        before                                 after

          CORE1 --- A === X === S-0145           CORE1 --- A ===== X ===== S-0145
            |       |                              |                         |
          CORE2 --- B                            CORE2 --- B ===== E ------- new entrance

    Both circuits went by the office X, in one cable to it and in one cable from it; one of the two
    routes now goes by the office E, in a trench of its own and through an entrance of its own.
    """
    tables = {path.stem: read_rows(path) for path in BANK.iterdir() if path.stem in load_schema()}
    dig(tables)
    columns = {
        name: {column: [row.get(column) or None for row in rows] for column in rows[0]}
        for name, rows in tables.items()
        if rows
    }
    return written(ng.from_columns(columns))


def dig(tables):
    """Add entrance, spans, cable and link, and send one route of each circuit over them."""
    site = next(row for row in tables["sites"] if row["id"] == SITE)
    entrance = {"id": "NEW-E", "kind": "entrance", "building_id": site["building_id"]}
    east = f"{float(site['lon']) + 0.0002:.6f}"
    tables["structures"].append({**entrance, "lon": east, "lat": site["lat"]})
    span = {"trench_id": "NEW-T", "owner": "operator"}
    tables["spans"] += [
        {**span, "id": "NEW-1", "from_id": SITE, "to_id": "NEW-E", "medium": "indoor",
         "trench_id": "", "length_m": "15"},
        {**span, "id": "NEW-2", "from_id": "NEW-E", "to_id": OFFICE, "medium": "duct"},
    ]  # fmt: skip
    cores = {"cores_total": "12", "cores_used": "4", "cores_bad": "0"}
    tables["cables"].append(
        {"id": "NEW-F", "from_id": SITE, "to_id": OFFICE, "owner": "operator", **cores}
    )
    tables["cable_spans"] += [
        {"cable_id": "NEW-F", "seq": "1", "span_id": "NEW-1"},
        {"cable_id": "NEW-F", "seq": "2", "span_id": "NEW-2"},
    ]
    old = next(row for row in tables["links"] if row["id"] == "L-0145-B")
    tables["links"].append({**old, "id": "NEW-L", "to_id": "N-0100E-B"})
    tables["link_cables"].append({"link_id": "NEW-L", "seq": "1", "cable_id": "NEW-F"})
    instead = {"L-0145-B": "NEW-L", "U-0100X-B": "U-0100E-B"}
    for row in tables["circuit_links"]:
        if row["circuit_id"].startswith("C-0145-"):
            row["link_id"] = instead.get(row["link_id"], row["link_id"])


def test_a_second_access_cable_in_its_own_trench_makes_the_site_diverse(
    bank, bank_with_second_access
):
    def site(run):
        return next(row for row in run.tables["sites"] if row["site_id"] == SITE)

    before, after = site(bank), site(bank_with_second_access)

    assert (before["recorded_level"], before["grade"]) == ("same_cable", "fair")
    assert (after["recorded_level"], after["grade"]) == ("diverse", "good")
    assert (before["meets_requirement"], after["meets_requirement"]) == ("false", "true")
    assert float(after["score"]) > float(before["score"])
    assert not [r for r in bank_with_second_access.tables["hazards"] if r["site_id"] == SITE]


def test_that_cable_changes_nothing_else(bank, bank_with_second_access):
    def changes(table):
        return differing(bank, bank_with_second_access, table)

    site = next(row for row in bank.tables["sites"] if row["site_id"] == SITE)
    gone = {row["hazard_id"]: row for row in bank.tables["hazards"] if row["site_id"] == SITE}

    assert changes("sites").keys() == {SITE}
    assert changes("circuits").keys() == {"C-0145-1", "C-0145-2"}
    assert changes("hazards") == {name: {"row"} for name in gone}
    assert changes("causes").keys() == {row["cause_id"] for row in gone.values()}
    assert changes("findings") == {}
    assert {name.split("/")[0] for name in changes("items")} == {SITE}
    counts = {"fair", "good", "proven_dual", "dual_route_ratio", "red", "orange"}
    assert changes("cities") == {site["city"]: counts}
    assert changes("customers") == {"BANK": counts}
    assert {name.split("/")[1] for name in changes("counties")} == {site["county"]}
