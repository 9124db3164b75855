from __future__ import annotations

import pytest
from browser import CHROMIUM, browser
from commands import BANK

from netgraph.assessment import Options, assess
from netgraph.assessment.handover.web import assessment_page, page_model
from netgraph.datasets import example_columns
from netgraph.inventory import from_columns, read_inventory


@pytest.fixture(scope="session")
def render():
    """Columns of an inventory to the page of its assessment."""

    def page(columns, lang="en"):
        return assessment_page(assess(from_columns(columns), Options(lang=lang)))

    return page


@pytest.fixture(scope="session")
def small_page(render):
    return render(example_columns("twin_ring"))


@pytest.fixture(scope="session")
def bank():
    """The committed example: 389 sites, links over links, cables without spans, radio."""
    return assess(read_inventory(BANK))


@pytest.fixture(scope="session")
def bank_model(bank):
    return page_model(bank, "en")


@pytest.fixture(scope="session")
def bank_file(bank, tmp_path_factory):
    path = tmp_path_factory.mktemp("bank") / "report.html"
    path.write_text(assessment_page(bank), encoding="utf-8")
    return path


@pytest.fixture(scope="package")
def window(tmp_path_factory):
    """One headless browser for all tests of this folder; it ends with them."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with browser(tmp_path_factory.mktemp("profile")) as window:
        yield window
