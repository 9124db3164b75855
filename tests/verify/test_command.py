"""`netgraph verify` as a user runs it."""

from __future__ import annotations

import json

import pytest
from commands import Command


@pytest.fixture
def netgraph(capsys):
    return Command(capsys)


def test_an_assessment_with_certificates_is_verified(netgraph, twin_ring, tmp_path):
    out = tmp_path / "mine"
    assert (
        netgraph("assess", twin_ring.inventory, "-o", out, "--certificates", "--no-maps").code == 0
    )

    done = netgraph("verify", out)

    assert done.code == 0
    assert "separating_risk" in done.out
    assert "borne out" in done.out
    assert "Not derived again" in done.out
    assert "hazards.csv" in done.out


def test_rules_that_differ_from_the_shipped_ones_are_told(netgraph, twin_ring):
    """Somebody widened the tolerance before the run: all that it says is true by these rules."""
    run = json.loads((twin_ring.out / "run.json").read_text("utf-8"))
    run["options"]["rules"] |= {"entry_tolerance_m": 500.0, "assume_by": ["site"]}
    run["options"]["rules"]["required"]["gold"] = ""
    (twin_ring.out / "run.json").write_text(json.dumps(run), "utf-8")

    done = netgraph("verify", twin_ring.out, "--inventory", twin_ring.inventory)

    told = " ".join(done.out.split())
    assert "assume_by ['site'] ([])" in told
    assert "entry_tolerance_m 500.0 (50.0)" in told
    assert "required.gold '' ('diverse')" in told
    assert "separation_m" not in told


def test_the_shipped_rules_are_no_matter_for_a_word(netgraph, twin_ring):
    done = netgraph("verify", twin_ring.out, "--inventory", twin_ring.inventory)

    assert "differ from the shipped" not in done.out


def test_what_is_refused_is_counted_and_told_with_exit_code_1(netgraph, twin_ring):
    certificates = twin_ring.certificates()
    twin_ring.write([c for c in certificates if c.get("question") != "spans"])

    done = netgraph("verify", twin_ring.out, "--inventory", twin_ring.inventory)

    assert done.code == 1
    assert "refused: " in done.out
    assert "verdict" in done.out


def test_a_changed_file_is_one_sentence_and_exit_code_1(netgraph, twin_ring):
    path = twin_ring.inventory / "sites.csv"
    path.write_bytes(path.read_bytes() + b"\n")

    done = netgraph("verify", twin_ring.out, "--inventory", twin_ring.inventory)

    assert done.code == 1
    assert "is not the one that was assessed: sites.csv differs" in done.out


def test_nothing_to_verify_is_misuse_with_a_cure(netgraph, twin_ring, tmp_path):
    (twin_ring.out / "certificates.jsonl").unlink()

    done = netgraph("verify", twin_ring.out)
    gone = netgraph("verify", tmp_path / "nowhere")

    assert done.code == gone.code == 2
    assert "netgraph assess --certificates" in done.err


def test_an_inventory_that_is_gone_is_misuse_with_a_cure(netgraph, twin_ring, tmp_path):
    done = netgraph("verify", twin_ring.out, "--inventory", tmp_path / "nowhere")

    assert done.code == 2
    assert "--inventory" in done.err


def test_an_output_without_the_option_has_no_certificates(netgraph, twin_ring, tmp_path):
    netgraph("assess", twin_ring.inventory, "-o", tmp_path / "plain", "--no-maps")

    assert not (tmp_path / "plain" / "certificates.jsonl").exists()
