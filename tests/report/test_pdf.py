"""The printable report: pages, languages, hostile text, the same bytes."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from handed_over import hostile_assessment, small_assessment

from netgraph.assessment.handover.pdf import report_of
from netgraph.assessment.handover.pdf_tables import cut_list
from netgraph.diversity.levels import Severity
from netgraph.report.fonts import MissingGlyphWarning, _warn_once
from netgraph.report.pdf import (
    Bullets,
    Cell,
    Figure,
    Paragraph,
    Report,
    Section,
    Table,
    write_report,
)


def pages(path):
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def text_of(path):
    """Read the text with poppler, or skip where it is not installed."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)  # noqa: S607 - found on the path, as a user would
    return done.stdout.decode()


def simple(*blocks):
    return Report("Title", "sub", "head", [Section("One", blocks)])


@pytest.mark.parametrize(("lang", "words"), [
    ("zh", ["专线电路双路由评估报告", "方法与假定", "最需关注的网点", "数据质量", "自拟"]),
    ("en", ["Route diversity report", "Method and assumptions", "Data quality", "own"]),
])  # fmt: skip
def test_the_report_of_an_assessment_is_set_in_either_language(lang, words, tmp_path):
    path = tmp_path / "report.pdf"
    write_report(report_of(small_assessment(lang), {}), path)

    assert 6 <= pages(path) <= 12
    text = "".join(text_of(path).split())
    for word in words[:-1]:
        assert word.replace(" ", "") in text
    assert "1/" + str(pages(path)) not in text.partition(words[1].replace(" ", ""))[0]
    assert f"{pages(path)}/{pages(path)}" in text


def test_the_summary_names_the_place_that_hits_most_sites_however_mild():
    """A yellow place at three sites outweighs a red one at a single site; info does not count."""
    assessment = small_assessment("en")
    first = next(c for c in assessment.causes_found if c.severity is not Severity.INFO)
    found = [
        replace(first, severity=severity, sites=sites, from_place=place, to_place=place)
        for severity, sites, place in (
            (Severity.RED, 1, 0),
            (Severity.YELLOW, 3, 1),
            (Severity.INFO, 9, 2),
        )
    ]
    told = report_of(replace(assessment, causes_found=tuple(found)), {}).sections[0]
    sentences = next(block for block in told.blocks if isinstance(block, Bullets)).items
    name = assessment.network.places.label(1)

    assert f"The place that hurts most sites: {name}, 3 sites." in sentences


def test_the_summary_names_the_worst_sites_in_their_order():
    assessment = small_assessment("en")
    told = report_of(assessment, {}).sections[0]
    worst, *_ = (block for block in told.blocks if isinstance(block, Table))

    wanted = [f"{s.name} ({s.site_id})" for s in assessment.standings if s.circuits][:10]
    assert [row[1] for row in worst.rows] == wanted
    assert [row[0] for row in worst.rows] == [str(i) for i in range(1, len(wanted) + 1)]


def test_the_same_report_gives_the_same_bytes(tmp_path):
    report = report_of(small_assessment("zh"), {})
    for name in ("1", "2"):
        write_report(report, tmp_path / name)

    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
    assert b"D:20" in (tmp_path / "1").read_bytes()


def test_a_long_table_runs_over_pages_with_its_heading_on_each(tmp_path):
    rows = [[f"row {i}", str(i)] for i in range(300)]
    write_report(simple(Table(["What", "Number"], rows, (1, 0), (1,))), tmp_path / "r.pdf")

    assert pages(tmp_path / "r.pdf") >= 6
    assert text_of(tmp_path / "r.pdf").count("What") == pages(tmp_path / "r.pdf") - 1


def test_markup_in_the_data_is_set_as_text(tmp_path):
    hostile = '#let x = 1 $y$ *b* _i_ = heading \\ "q" <script> // no #image("/etc/passwd")'
    write_report(simple(Paragraph(hostile), Table(["#a"], [[Cell("*b*", "#FF0000")]], (1,))),
                 tmp_path / "r.pdf")  # fmt: skip

    text = " ".join(text_of(tmp_path / "r.pdf").split())
    assert "#let x = 1 $y$ *b* _i_ = heading" in text
    assert "*b*" in text


def test_hostile_names_are_set_and_warn_of_missing_glyphs_once(tmp_path):
    _warn_once.cache_clear()
    report = report_of(hostile_assessment(), {})
    with pytest.warns(MissingGlyphWarning, match="🏦") as caught:
        write_report(report, tmp_path / "1.pdf")
    write_report(report, tmp_path / "2.pdf")  # a second warning would be an error

    assert len(caught) == 1
    assert pages(tmp_path / "1.pdf") <= 14


def test_a_picture_is_copied_into_the_report(tmp_path):
    figure = pytest.importorskip("matplotlib.figure").Figure()
    figure.add_subplot().plot([1, 2])
    figure.savefig(tmp_path / "p.png")
    bare, with_picture = tmp_path / "bare.pdf", tmp_path / "with.pdf"
    write_report(simple(Paragraph("x")), bare)
    write_report(simple(Paragraph("x"), Figure(tmp_path / "p.png", "caption")), with_picture)

    assert b"/Subtype/Image" in with_picture.read_bytes()
    assert b"/Subtype/Image" not in bare.read_bytes()


def test_a_list_is_cut_between_its_parts():
    assert cut_list("K1 – K2; K3 – K4", "en", 20) == "K1 – K2; K3 – K4"
    assert cut_list("K1 – K2; K3 – K4; K5 – K6", "en", 20) == "K1 – K2; K3 – K4; …"
    assert cut_list("一号井；二号井；三号井", "zh", 8) == "一号井；二号井；…"
    assert cut_list("K" * 30, "en", 20) == "K" * 19 + "…"
