"""What a user's mistake does: one clear message, the right exit code, and nothing half done."""

from __future__ import annotations

import shutil

import pytest
from commands import everything_in, read_rows, read_tables, write_rows

# What is wrong -> a change of the folder of twin_ring, and what the message must say.


def _edit(table, change):
    def apply(folder):
        path = folder / f"{table}.csv"
        rows = read_rows(path)
        write_rows(path, change(rows) or rows)

    return apply


def _set(table, row_id, **values):
    def change(rows):
        for row in rows:
            if row.get("id") == row_id:
                row.update(values)

    return _edit(table, change)


def _where(table, key, **values):
    """Change the row whose key columns are joined in `key`; without values take it out."""
    columns = {
        "cable_spans": ("cable_id", "seq"),
        "link_cables": ("link_id", "seq"),
        "circuit_links": ("circuit_id", "role", "seq"),
    }[table]

    def change(rows):
        (row,) = (row for row in rows if "/".join(row[c] for c in columns) == key)
        if values:
            row.update(values)
        else:
            rows.remove(row)

    return _edit(table, change)


def _without_column(table, column):
    return _edit(
        table, lambda rows: [{k: v for k, v in row.items() if k != column} for row in rows]
    )


def _without_table(table):
    return lambda folder: (folder / f"{table}.csv").unlink()


def _content(table, content):
    return lambda folder: (folder / f"{table}.csv").write_bytes(content)


UNREADABLE = {
    "no such folder": (shutil.rmtree, ["there is no such file or folder"]),
    "an empty folder": (
        lambda folder: [file.unlink() for file in folder.iterdir()],
        ["no table of an inventory was found", "no CSV file"],
    ),
    "no sites": (_without_table("sites"), ["'sites'", "needs it"]),
    "no circuits": (_without_table("circuits"), ["'circuits'", "needs it"]),
    "a mandatory column missing": (
        _without_column("spans", "from_id"),
        ["spans: column from_id is missing in spans.csv. Add it."],
    ),
    "an id twice": (
        _set("sites", "S2", id="S1"),
        ["sites: id 'S1' stands 2 times", "rows 2, 3", "Give every row its own id."],
    ),
    "an unknown tier": (
        _set("sites", "S3", tier="platinum"),
        [
            "tier is 'platinum'",
            "diamond, gold, silver, standard",
            "S3 (sites.csv row 4)",
            "allowed",
        ],
    ),
    "a file that is no table": (
        _content("cables", b'id,from_id,to_id\n1,"open\n2,b,c\n'),
        ["cables: cables.csv", "quotation mark"],
    ),
    "an empty file": (_content("cables", b""), ["cables: cables.csv", "is empty"]),
    "bytes that are no text": (
        _content("cables", b"id,from_id,to_id\n\x81\xff\xff,a,b\n"),
        ["cables: cables.csv", "is not text"],
    ),
    "plane coordinates of an unknown system": (
        _edit("inventory", lambda rows: [{**rows[0], "crs": "planar"}]),
        ["no CRS is given", "inventory", "crs"],
    ),
    "a reference system that does not exist": (
        _edit("inventory", lambda rows: [{**rows[0], "crs": "EPSG:999999"}]),
        ["inventory", "EPSG:999999"],
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_unreadable_input_is_named_and_nothing_is_written(netgraph, twin_ring, tmp_path, case):
    spoil, words = UNREADABLE[case]
    spoil(twin_ring)
    before = everything_in(tmp_path)

    outcome = netgraph("assess", twin_ring, "-o", tmp_path / "new" / "out")

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error ")
    for word in words:
        assert word in outcome.err
    assert everything_in(tmp_path) == before


def test_all_that_is_unreadable_is_told_at_once_and_an_earlier_output_survives(
    netgraph, twin_ring, tmp_path
):
    out = tmp_path / "out"
    assert netgraph("assess", twin_ring, "-o", out, "--no-maps").code == 0
    for case in ("a mandatory column missing", "an id twice", "an unknown tier", "an empty file"):
        UNREADABLE[case][0](twin_ring)
    before = everything_in(tmp_path)

    outcome = netgraph("assess", twin_ring, "-o", out)

    assert outcome.code == 2
    assert outcome.err.count("error ") == 4
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("name", ["plant.xlsx", "plant.gpkg"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"SQLite format 3\x00 broken"])
def test_an_unreadable_workbook_or_geopackage_is_named(netgraph, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)

    outcome = netgraph("assess", tmp_path / name, "-o", tmp_path / "out")

    assert outcome.code == 2
    assert name in outcome.err
    assert "not a readable" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == [name]


MISUSE = {
    "an output that is a file": (["assess", "{in}", "-o", "{in}/sites.csv"], "is a file"),
    "an output among the input": (["assess", "{in}", "-o", "{in}"], "no output of netgraph"),
    "no output": (["assess", "{in}"], "Missing option"),
    "no inventory": (["assess", "-o", "{out}"], "Missing argument"),
    "an unknown option": (["assess", "{in}", "-o", "{out}", "--fast"], "No such option"),
    "an unknown language": (["assess", "{in}", "-o", "{out}", "--lang", "fr"], "'en', 'zh'"),
    "a date that is none": (["assess", "{in}", "-o", "{out}", "--as-of", "2026-6-31"], "--as-of"),
    "a negative limit": (
        ["assess", "{in}", "-o", "{out}", "--search-seconds", "-1"],
        "--search-seconds",
    ),
    "rules that are not there": (["assess", "{in}", "-o", "{out}", "--rules", "{out}"], "{out}"),
    "rules that are no TOML": (
        ["assess", "{in}", "-o", "{out}", "--rules", "{in}/sites.csv"],
        "sites.csv",
    ),
    "a scorecard that is no TOML": (
        ["assess", "{in}", "-o", "{out}", "--scorecard", "{in}/sites.csv"],
        "sites.csv",
    ),
    "an encoding that does not exist": (
        ["assess", "{in}", "-o", "{out}", "--encoding", "gbk2000"],
        "gbk2000",
    ),
    "an unknown example": (["example", "metropolis", "{out}"], "bank, province, twin_ring"),
    "an example over something else": (["example", "bank", "{in}/sites.csv"], "sites.csv"),
    "a template that is no workbook": (["template", "{out}.csv"], ".xlsx"),
    "a network that is not there": (
        ["diversity", "{out}", "--centre", "K", "-o", "{out}"],
        "{out}",
    ),
    "a network that is none": (
        ["diversity", "{in}/sites.csv", "--centre", "K", "-o", "{out}"],
        "sites.csv",
    ),
    "an unknown centre": (["diversity", "{in}", "--centre", "Nowhere", "-o", "{out}"], "Nowhere"),
    "no centre": (["diversity", "{in}", "-o", "{out}"], "--centre"),
    "an unknown command": (["audit", "{in}"], "No such command"),
    "no command": ([], "Usage"),
}


@pytest.mark.parametrize("case", MISUSE)
def test_misuse_is_explained_and_nothing_is_written(netgraph, twin_ring, tmp_path, case):
    arguments, words = MISUSE[case]
    places = {"in": twin_ring, "out": tmp_path / "out"}
    before = everything_in(tmp_path)

    outcome = netgraph(*(word.format(**places) for word in arguments))

    assert outcome.code == 2
    assert words.format(**places) in outcome.err + outcome.out
    assert everything_in(tmp_path) == before


# A wrong row is a finding, it counts as missing evidence, and the run completes. S1 is diverse in
# the example: it stays so only where the wrong value is none that the verdict rests on.
SPAN, CABLE, LINK = "D-S1a-P1", "C-S1-E1", "A-S1-E1"
STEP, HOP, LEG = f"{CABLE}/2", f"{LINK}//1", "L4/working//1"
WRONG_ROWS = {
    "a span to an unknown point": (
        _set("spans", SPAN, to_id="M-99"), ("ND920", "spans", SPAN, "'M-99'"), "undecidable",
    ),
    "a span without an end": (
        _set("spans", SPAN, to_id=""), ("ND903", "spans", SPAN, "to_id"), "undecidable",
    ),
    "an unknown span in a cable": (
        _where("cable_spans", STEP, span_id="D-99"),
        ("ND920", "cable_spans", STEP, "'D-99'"), "undecidable",
    ),
    "a gap in a cable": (
        _where("cable_spans", STEP), ("ND925", "cables", CABLE, "do not meet"), "undecidable",
    ),
    "an unknown cable in a link": (
        _where("link_cables", f"{LINK}/1", cable_id="C-99"),
        ("ND920", "link_cables", HOP, "'C-99'"), "undecidable",
    ),
    "a link to unknown equipment": (
        _set("links", LINK, to_id="NE-99"), ("ND920", "links", LINK, "'NE-99'"), "undecidable",
    ),
    "equipment in an unknown office": (
        _set("equipment", "NE-E1", location_id="E9"),
        ("ND920", "equipment", "NE-E1", "'E9'"), "undecidable",
    ),
    "a cable that ends nowhere": (
        _set("cables", CABLE, to_id="E9"), ("ND920", "cables", CABLE, "'E9'"), "undecidable",
    ),
    "a cable out of service": (
        _set("cables", CABLE, status="retired"),
        ("ND945", "link_cables", HOP, "retired"), "undecidable",
    ),
    "a status that does not exist": (
        _set("cables", CABLE, status="broken"),
        ("ND902", "cables", CABLE, "'broken'"), "undecidable",
    ),
    "an unknown link in the route of another site": (
        _where("circuit_links", "L4/working/1", link_id="A-99"),
        ("ND920", "circuit_links", LEG, "'A-99'"), "diverse",
    ),
    "an unknown customer": (
        _set("sites", "S1", customer_id="X9"), ("ND920", "sites", "S1", "'X9'"), "diverse",
    ),
    "a length that is no number": (
        _set("spans", SPAN, length_m="1.4 km"), ("ND902", "spans", SPAN, "'1.4 km'"), "diverse",
    ),
    "swapped coordinates": (
        _set("structures", "M8", lon="37.843019", lat="112.697108"),
        ("ND906", "structures", "M8", "swapped"), "diverse",
    ),
    "no coordinates": (
        _set("structures", "M8", lon="", lat=""), ("ND907", "structures", "M8", "lon"), "diverse",
    ),
    "neither yes nor no": (
        _set("equipment", "NE-S1", manageable="maybe"),
        ("ND902", "equipment", "NE-S1", "'maybe'"), "diverse",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_ROWS)
def test_a_wrong_row_is_a_finding_and_the_run_completes_without_its_evidence(
    netgraph, twin_ring, tmp_path, case
):
    spoil, (rule, table, row_id, word), level = WRONG_ROWS[case]
    spoil(twin_ring)

    outcome = netgraph("assess", twin_ring, "-o", tmp_path / "out", "--no-maps")

    assert outcome.code == 0
    tables = read_tables(tmp_path / "out")
    (found,) = (row for row in tables["findings"] if (row["rule"], row["row_id"]) == (rule, row_id))
    assert found["table"] == table
    assert word in found["message"]
    assert found["hint"]
    assert f"{rule} {table} {row_id} ({table}.csv row " in outcome.err
    sites = {row["site_id"]: row for row in tables["sites"]}
    assert len(sites) == 6
    assert sites["S1"]["recorded_level"] == level
    assert sites["S1"]["meets_requirement"] == {"diverse": "true", "undecidable": ""}[level]


FAIL_ON = [
    ("assess", [], 0),
    ("assess", ["--fail-on", "never"], 0),
    ("assess", ["--fail-on", "error"], 1),
    ("check", [], 1),
    ("check", ["--fail-on", "warning"], 1),
    ("check", ["--fail-on", "never"], 0),
    ("diversity", [], 0),
    ("diversity", ["--fail-on", "error"], 0),
    ("diversity", ["--fail-on", "info"], 1),
]


@pytest.mark.parametrize(("command", "options", "code"), FAIL_ON)
def test_findings_change_the_exit_code_only_where_asked(
    netgraph, twin_ring, tmp_path, command, options, code
):
    """The example has one error, a cable without spans; its plant an entrance without spans."""
    more = {
        "assess": ["-o", tmp_path / "out", "--no-maps"],
        "check": [],
        "diversity": ["--centre", "K", "-o", tmp_path / "out"],
    }

    assert netgraph(command, twin_ring, *more[command], *options).code == code
    assert (tmp_path / "out" / "run.json").exists() is (command != "check")


def test_warnings_alone_fail_only_from_warning_on(netgraph, twin_ring):
    _where("link_cables", "A-S5-E1/1")(twin_ring)
    _without_cable = _edit("cables", lambda rows: [r for r in rows if r["id"] != "C-S5-E1"])
    _without_cable(twin_ring)
    _set("structures", "M8", lon="", lat="")(twin_ring)

    assert netgraph("check", twin_ring).code == 0
    assert netgraph("check", twin_ring, "--fail-on", "warning").code == 1


def test_text_in_gbk_is_read_like_text_in_utf_8(netgraph, twin_ring, tmp_path):
    netgraph("assess", twin_ring, "-o", tmp_path / "utf-8", "--no-maps")
    for file in twin_ring.iterdir():
        file.write_text(file.read_text("utf-8-sig"), encoding="gbk")
    outcome = netgraph("assess", twin_ring, "-o", tmp_path / "gbk", "--no-maps")

    assert outcome.code == 0
    one, other = read_tables(tmp_path / "utf-8"), read_tables(tmp_path / "gbk")
    findings = other.pop("findings")
    one.pop("findings")
    assert one == other
    assert "ND909" in {row["rule"] for row in findings}
