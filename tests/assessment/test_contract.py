"""What other tools may rely on in the written tables: columns, order, words, figures."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict

import pytest
from commands import BANK

# The published contract, word for word and apart from the code that writes the tables.
UNITS = (
    "sites circuits excellent good fair poor provisional claimed_dual proven_dual "
    "dual_route_ratio single_route unconfirmed undecidable red orange yellow"
)
COLUMNS = {
    "sites": "site_id customer_id name city county tier circuits recorded_level level_complete "
    "required_level meets_requirement claimed_route claim_agrees achievable_on_cables "
    "achievable_on_spans disjoint_otherwise single_points score full_marks ratio grade score_best "
    "grade_best provisional known_points unknown_items rank pair_on_cables_m shortest_on_cables "
    "pair_on_spans_m shortest_on_spans group_assumed",
    "circuits": "circuit_id customer_id site_id b_id tier group_id group_level recorded_level "
    "level_complete logical_diverse plant_diverse physical_diverse level_access_a level_uplink "
    "level_intra level_inter level_access_b single_route_m shared_length_m first_common_point "
    "distance_from_a_m unconfirmed derived missing_records confidence reason group_assumed",
    "hazards": "hazard_id cause_id site_id group_id severity kind from_structure to_structure "
    "elements section shared_length_m distance_from_a_m lon lat rank group_kind",
    "causes": "cause_id kind from_structure to_structure metres hazards circuits sites customers "
    "worst_tier lon lat severity rank",
    "cities": f"city {UNITS}",
    "counties": f"city county {UNITS}",
    "customers": f"customer_id name {UNITS}",
    "items": "site_id item_id result points max_points evidence",
    "findings": "rule severity table row_id message hint",
    "availability": "circuit_id site_id customer_id tier outage_minutes_year faults_month "
    "target_minutes_year meets_target shared_minutes is_parallel switching is_bound "
    "is_length_assumed missing outage_basis",
    "rings": "scope layer city county nodes nodes_on_ring ring_ratio bridges chains longest_chain "
    "long_chains false_rings oversize_rings rings_meeting_once false_ring_nodes",
    "ring_findings": "finding_id kind layer severity city county elements size description rank "
    "rings nodes sites circuits",
    "availability_sites": "site_id customer_id tier city county circuits outage_minutes_year "
    "faults_month target_minutes_year meets_target shared_minutes is_bound is_length_assumed "
    "missing outage_basis",
    "risk_groups": "risk_id srlg_number kind name lon lat member_count members possible_count "
    "possible_members",
}
KEYS = {
    "sites": ["site_id"],
    "circuits": ["circuit_id"],
    "hazards": ["hazard_id"],
    "causes": ["cause_id"],
    "cities": ["city"],
    "counties": ["city", "county"],
    "customers": ["customer_id"],
    "items": ["site_id", "item_id"],
    "findings": ["rule", "severity", "table", "row_id", "message", "hint"],
    "availability": ["circuit_id"],
    "rings": ["scope", "layer", "city", "county"],
    "ring_findings": ["finding_id"],
    "availability_sites": ["site_id"],
    "risk_groups": ["risk_id"],
}
LEVELS = (
    "single_route", "same_link", "same_cable", "same_trench", "same_structure", "same_risk_group",
    "same_device", "same_office", "undecidable", "radio_backup", "diverse", "separated",
)  # fmt: skip
BOOLEANS = {
    "level_complete", "meets_requirement", "claim_agrees", "disjoint_otherwise", "provisional",
    "logical_diverse", "plant_diverse", "physical_diverse", "unconfirmed", "derived",
    "meets_target", "is_parallel", "is_bound", "is_length_assumed", "group_assumed",
    "shortest_on_cables", "shortest_on_spans",
}  # fmt: skip
WORDS = {
    "recorded_level": LEVELS,
    "group_level": LEVELS,
    "tier": ["diamond", "gold", "silver", "standard"],
    "grade": ["excellent", "good", "fair", "poor"],
    "grade_best": ["excellent", "good", "fair", "poor"],
    "severity": ["red", "orange", "yellow", "blue", "info", "error", "warning"],
    "result": ["pass", "fail", "unknown", "not_applicable"],
    "confidence": ["confirmed", "by_records", "undecidable"],
    "claimed_route": ["single", "dual", "ring"],
    "switching": ["none", "manual", "automatic"],
    "required_level": ["diverse", "separated"],
    "section": ["access_a", "uplink", "intra_province", "inter_province", "access_b"],
    "achievable_on_cables": [*LEVELS, "unproven"],
    "achievable_on_spans": [*LEVELS, "unproven"],
}
AREAS = {
    "cities": lambda site: (site["city"],),
    "counties": lambda site: (site["city"], site["county"]),
    "customers": lambda site: (site["customer_id"],),
}
DIVERSE = {"diverse", "separated"}
ONE_WAY = {"single_route", "same_link", "same_cable"}


def test_every_table_is_there_with_its_columns_in_order(run):
    for name, columns in COLUMNS.items():
        content = (run.out / "tables" / f"{name}.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read Chinese"
        assert content.endswith(b"\n")
        heading = content[3 : content.index(b"\n")].decode()
        assert heading == columns.replace(" ", ","), name
    assert {path.stem for path in (run.out / "tables").iterdir()} == set(COLUMNS)


def test_rows_are_sorted_by_their_key_and_no_key_stands_twice(run):
    for name, key in KEYS.items():
        keys = [tuple(row[column] for column in key) for row in run.tables[name]]
        assert keys == sorted(set(keys)), name


def test_words_come_from_their_lists_and_booleans_are_true_false_or_empty(run):
    for name, rows in run.tables.items():
        if name in AREAS:
            continue  # there the same names are counts
        for column in (WORDS.keys() | BOOLEANS) & set(COLUMNS[name].split()):
            allowed = {"", *WORDS.get(column, ("true", "false"))}
            assert {row[column] for row in rows} <= allowed, f"{name}.{column}"


def test_coordinates_have_seven_decimals_metres_one_and_ratios_four(run):
    decimals = {"lon": 7, "lat": 7, "metres": 1, "ratio": 4, "dual_route_ratio": 4}
    for name, rows in run.tables.items():
        for column in COLUMNS[name].split():
            places = decimals.get(column) or (1 if column.endswith("_m") else None)
            if places:
                shape = re.compile(rf"-?\d+\.\d{{{places}}}|")
                assert all(shape.fullmatch(row[column]) for row in rows), f"{name}.{column}"


def test_no_table_names_a_file_or_a_row_number(run):
    for path in (run.out / "tables").iterdir():
        text = path.read_text("utf-8")
        assert not re.search(r"\.csv|\.xlsx|\.gpkg|\brow \d|\bsheet\b", text), path.name


def test_a_site_counts_its_circuits_and_has_the_worst_level_of_its_groups(run):
    circuits = defaultdict(list)
    for row in run.tables["circuits"]:
        circuits[row["site_id"]].append(row)
    for site in run.tables["sites"]:
        own = circuits.pop(site["site_id"], [])
        assert site["circuits"] == str(len(own))
        levels = {row["group_level"] for row in own}
        assert site["recorded_level"] == min(levels, key=LEVELS.index, default="")
    assert not circuits


def test_one_group_has_one_level_and_it_is_never_better_than_its_records_allow(run):
    groups = defaultdict(set)
    for row in run.tables["circuits"]:
        groups[row["group_id"] or row["circuit_id"]].add(row["group_level"])
        if row["recorded_level"] in DIVERSE:
            aspects = {row["logical_diverse"], row["plant_diverse"], row["physical_diverse"]}
            assert aspects == {"true"}
            assert row["level_complete"] == "true"
            assert row["missing_records"] == ""
        if row["recorded_level"] == "undecidable":
            assert row["missing_records"]
            assert row["level_complete"] == "false"
        assert row["reason"]
    assert {len(levels) for levels in groups.values()} == {1}


def test_requirement_and_claim_follow_from_the_level(run):
    for site in run.tables["sites"]:
        level, claimed = site["recorded_level"], site["claimed_route"]
        if level == "undecidable":
            assert site["meets_requirement"] == site["claim_agrees"] == ""
        elif site["required_level"]:
            assert site["meets_requirement"] == str(level in DIVERSE).lower()
        if claimed and level and level != "undecidable":
            agrees = level in (ONE_WAY if claimed == "single" else DIVERSE)
            assert site["claim_agrees"] == str(agrees).lower()


def test_scores_are_the_sums_of_their_items(run):
    items = defaultdict(list)
    for row in run.tables["items"]:
        items[row["site_id"]].append(row)
    for site in run.tables["sites"]:
        own = items.pop(site["site_id"])
        full = float(site["full_marks"])
        applicable = [row for row in own if row["result"] != "not_applicable"]
        marks = sum(float(row["max_points"]) for row in applicable)
        points = sum(float(row["points"]) for row in applicable)
        unknown = [row for row in applicable if row["result"] == "unknown"]
        best = points + sum(float(row["max_points"]) for row in unknown)
        assert float(site["score"]) == pytest.approx(points * full / marks, abs=1e-4)
        assert float(site["score_best"]) == pytest.approx(best * full / marks, abs=1e-4)
        assert float(site["ratio"]) == pytest.approx(points / marks, abs=1e-4)
        assert site["unknown_items"] == str(len(unknown))
        assert site["grade"] == _grade(points, marks)
        assert site["grade_best"] == _grade(best, marks)
        assert site["provisional"] == str(site["grade"] != site["grade_best"]).lower()
        for row in own:
            assert row["result"] == "pass" or float(row["points"]) == 0
    assert not items


def _grade(points, marks):
    bands = {"excellent": 90, "good": 70, "fair": 50, "poor": 0}
    return next(name for name, percent in bands.items() if points * 100 >= percent * marks)


def test_every_hazard_belongs_to_a_site_a_group_and_a_cause(run):
    sites = {row["site_id"] for row in run.tables["sites"]}
    groups = {row["group_id"] or row["circuit_id"] for row in run.tables["circuits"]}
    of_cause = defaultdict(list)
    for row in run.tables["hazards"]:
        assert row["site_id"] in sites
        assert row["group_id"] in groups
        of_cause[row["cause_id"]].append(row)
    for cause in run.tables["causes"]:
        own = of_cause.pop(cause["cause_id"])
        assert cause["hazards"] == str(len(own))
        assert cause["sites"] == str(len({row["site_id"] for row in own}))
        assert {row["kind"] for row in own} == {cause["kind"]}
    assert not of_cause


def test_every_faulty_group_has_a_hazard_and_no_diverse_one_has_one(run):
    severities = defaultdict(set)
    for row in run.tables["hazards"]:
        severities[row["group_id"]].add(row["severity"])
    serious = {"red", "orange", "yellow", "blue"}
    for row in run.tables["circuits"]:
        found = severities[row["group_id"] or row["circuit_id"]] & serious
        level = row["group_level"]
        wanted = {
            **dict.fromkeys(["single_route", "same_link", "same_cable"], "red"),
            "same_trench": "orange",
            **dict.fromkeys(["same_structure", "same_risk_group"], "yellow"),
            "undecidable": "blue",
        }
        assert (wanted[level] in found) if level in wanted else not found, row["circuit_id"]


@pytest.mark.parametrize("table", ["sites", "hazards"])
def test_ranks_count_from_one_the_worst_first(run, table):
    rows = sorted(run.tables[table], key=lambda row: int(row["rank"]))
    assert [int(row["rank"]) for row in rows] == list(range(1, len(rows) + 1))
    if table == "hazards":
        order = ["red", "orange", "yellow", "blue", "info"]
        places = [order.index(row["severity"]) for row in rows]
        assert places == sorted(places)


def test_cities_counties_and_customers_add_up_to_the_sites(run):
    sites, hazards = run.tables["sites"], run.tables["hazards"]
    for table, key in AREAS.items():
        members = defaultdict(list)
        for site in sites:
            members[key(site)].append(site)
        for row in run.tables[table]:
            own = members.pop(tuple(row[name] for name in KEYS[table]))
            ids = {site["site_id"] for site in own}
            asked = [s for s in own if s["required_level"]]
            proven = sum(s["recorded_level"] in DIVERSE for s in asked)
            seen = Counter(h["severity"] for h in hazards if h["site_id"] in ids)
            grades = Counter(site["grade"] for site in own)
            wanted = {
                "sites": len(own),
                "circuits": sum(int(site["circuits"]) for site in own),
                **{name: grades[name] for name in ("excellent", "good", "fair", "poor")},
                "provisional": sum(site["provisional"] == "true" for site in own),
                "claimed_dual": sum(site["claimed_route"] in {"dual", "ring"} for site in own),
                "proven_dual": sum(site["recorded_level"] in DIVERSE for site in own),
                "single_route": sum(site["recorded_level"] == "single_route" for site in own),
                "undecidable": sum(site["recorded_level"] == "undecidable" for site in own),
                **{name: seen[name] for name in ("red", "orange", "yellow")},
            }
            assert {name: int(row[name]) for name in wanted} == wanted
            if asked:
                assert float(row["dual_route_ratio"]) == pytest.approx(
                    proven / len(asked), abs=1e-4
                )
        assert not members


def test_the_evidence_of_an_item_names_rows_that_exist(bank):
    tables = bank.assessment.network.inventory.tables
    known = {
        name: set(map(str, table["id"])) for name, table in tables.items() if "id" in table.columns
    }
    for row in bank.tables["items"]:
        for word in filter(None, row["evidence"].split(";")):
            table, _, row_id = word.partition(":")
            assert table in tables, word
            assert row_id in known.get(table, {row_id}), word


def test_the_summary_counts_what_the_tables_hold(run):
    summary = json.loads((run.out / "summary.json").read_text("utf-8"))
    sites = run.tables["sites"]

    assert summary["sites"] == len(sites)
    assert summary["circuits"] == len(run.tables["circuits"])
    assert {k: v for k, v in summary["grades"].items() if v} == Counter(s["grade"] for s in sites)
    assert summary["levels"] == Counter(site["recorded_level"] for site in sites)
    assert sum(summary["hazards"].values()) == len(run.tables["hazards"])
    assert sum(summary["findings"].values()) == len(run.tables["findings"])
    assert [cause["sites"] for cause in summary["causes"]]


def test_the_frames_of_a_notebook_hold_the_same_rows(bank):
    assessment = bank.assessment

    for name in ("sites", "circuits", "hazards", "causes"):
        frame = getattr(assessment, name)
        columns = [column for column in frame.columns if column != "geometry"]
        assert columns == COLUMNS[name].split()
        key = KEYS[name][0]
        assert sorted(frame[key]) == [row[key] for row in bank.tables[name]]
    assert assessment.sites.crs == "EPSG:4326"
    assert assessment.sites.geometry.is_valid.all()
    assert "389" in assessment._repr_html_()
    grades = "8 excellent, 325 good, 38 fair, 18 poor"
    assert repr(assessment) == f"<Assessment: 389 sites ({grades}), 778 circuits>"


def test_the_bank_restates_the_published_grades_and_causes(bank):
    """All computed: no file of the example holds a grade or a score."""
    sites = bank.tables["sites"]
    items = {(row["site_id"], row["item_id"]): row["result"] for row in bank.tables["items"]}
    heads = "".join(path.read_text("utf-8").splitlines()[0] for path in BANK.iterdir())

    assert (len(sites), len(bank.tables["circuits"])) == (389, 778)
    assert {site["tier"] for site in sites} == {"diamond"}
    grades = Counter(site["grade"] for site in sites)
    assert grades == {"excellent": 8, "good": 325, "fair": 38, "poor": 18}
    assert "grade" not in heads
    assert "score" not in heads
    failed = Counter(item for (_, item), result in items.items() if result == "fail")
    assert (failed["CPE2"], failed["CPE1"]) == (89, 70)
    assert min(failed["CE1"], failed["CE2"]) > 100, "single access and single power"


def test_every_level_that_can_be_recorded_occurs_in_the_bank(bank):
    assert {site["recorded_level"] for site in bank.tables["sites"]} == set(LEVELS)
    assert {"true", "false"} <= {row["derived"] for row in bank.tables["circuits"]}
    better = [
        site
        for site in bank.tables["sites"]
        if site["recorded_level"] not in DIVERSE and site["achievable_on_spans"] in DIVERSE
    ]
    assert len(better) > 20
