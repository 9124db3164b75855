"""The page as it is written: one file, no request, and nothing in it that a name could break."""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from importlib import resources

import pytest

from netgraph.assessment import Handover, assess, write_assessment
from netgraph.datasets import example_columns
from netgraph.inventory import from_columns
from netgraph.report.web.page import SCRIPTS
from netgraph.report.web.words import page_words

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!-- <script> ]]> & \" ' `",
    "\U0001f600 \u202eback\u202c \u0627\u0644\u0628\u0646\u0643 \u2028 \\u003c \\ \n\t{{script}}",
    "4" * 4_000,
)
PACKAGE = resources.files("netgraph.report.web")


class Page(HTMLParser):
    """Elements of a page as a browser finds them."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.content = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.content.append("")

    def handle_endtag(self, tag):
        self.elements.append((f"/{tag}", {}))
        self.content.append("")

    def handle_data(self, data):
        if self.content:
            self.content[-1] += data

    def find(self, tag):
        pairs = zip(self.elements, self.content, strict=True)
        return [(attributes, text) for (name, attributes), text in pairs if name == tag]


@pytest.fixture
def hostile_columns():
    """The small example, every site and customer renamed."""
    columns = example_columns("twin_ring")
    names = [HOSTILE[i % len(HOSTILE)] for i in range(len(columns["sites"]["name"]))]
    columns["sites"] = {**columns["sites"], "name": names, "city": names}
    columns["customers"] = {**columns["customers"], "name": list(HOSTILE[:2])}
    columns["inventory"] = {**columns["inventory"], "name": [HOSTILE[0]], "notes": [HOSTILE[1]]}
    return columns


def test_the_policy_allows_its_own_script_and_style_and_nothing_else(small_page):
    page = Page(small_page)
    (policy,) = (
        attributes["content"]
        for attributes, _ in page.find("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    script = next(text for attributes, text in page.find("script") if "type" not in attributes)
    ((_, style),) = page.find("style")

    assert rules.pop("script-src") == f"'sha256-{_hash(script)}'"
    assert rules.pop("style-src") == f"'sha256-{_hash(style)}'"
    assert rules.pop("img-src") == "data:"
    assert set(rules) == {"default-src", "base-uri", "form-action"}
    assert set(rules.values()) == {"'none'"}
    assert small_page.index("Content-Security-Policy") < small_page.index("<style>")


def test_the_page_names_no_address_to_go_to(small_page):
    assert set(re.findall(r"https?://[^\s\"'<]+", small_page)) == {"http://www.w3.org/2000/svg"}
    for _, attributes in Page(small_page).elements:
        assert "src" not in attributes
        assert attributes.get("href", "data:,") == "data:,"
        assert not any(name.startswith("on") or name == "style" for name in attributes)


def test_no_name_can_end_the_element_that_it_stands_in(render, hostile_columns):
    page = Page(render(hostile_columns))
    scripts = page.find("script")

    kinds = [attributes.get("type") for attributes, _ in scripts]
    assert kinds == ["application/json", None, *["application/json"] * 6]
    first = json.loads(scripts[0][1])
    assert (first["head"]["name"], first["head"]["notes"]) == HOSTILE[:2]
    for (attributes, text), block in zip(scripts[2:], first["later"], strict=True):
        assert attributes["id"] == f"data-{block}"
        assert json.loads(text)
    assert not any("<" in text for attributes, text in scripts if "type" in attributes)
    ((_, title),) = page.find("title")
    assert title.startswith(HOSTILE[0])


def test_half_a_character_is_no_obstacle(render):
    columns = example_columns("twin_ring")
    columns["inventory"] = {**columns["inventory"], "name": ["half \ud83d"]}

    page = render(columns)

    assert page.encode("utf-8")
    assert json.loads(Page(page).find("script")[0][1])["head"]["name"] == "half \ud83d"


def test_the_same_assessment_gives_the_same_bytes(render, small_page):
    assert render(example_columns("twin_ring")) == small_page


def test_both_languages_are_in_the_page_and_one_is_opened(render, small_page):
    chinese = render(example_columns("twin_ring"), lang="zh")

    assert '<html lang="en">' in small_page
    assert '<html lang="zh-CN">' in chinese
    for page in (chinese, small_page):
        words = json.loads(Page(page).find("script")[0][1])["words"]
        assert words["zh"]["web"]["worst_first"] != words["en"]["web"]["worst_first"]
        assert "示例数据" in page


def test_every_word_that_the_scripts_ask_for_is_there_in_both_languages():
    words = page_words()
    text = "".join(PACKAGE.joinpath(name).read_text("utf-8") for name in SCRIPTS)
    page = PACKAGE.joinpath("page.html").read_text("utf-8")
    asked = set(re.findall(r"\b(?:t|many)\(\"([\w.]+)\"", text))
    asked |= set(re.findall(r"data-(?:t|label)=\"([\w.]+)\"", page))
    columns = re.findall(r"(?:plain|ofSite|placeColumn)\(\"?\w+\"?, \"(\w+)\"", text)
    asked |= {f"col.{name}" for name in columns}

    assert asked <= set(words)
    for phrases in words.values():
        assert all(phrases.values())
        assert len({frozenset(re.findall(r"\{\w+\}", p)) for p in phrases.values()}) == 1
    rows = csv.DictReader(PACKAGE.joinpath("words.csv").read_text("utf-8").splitlines())
    assert len([row["id"] for row in rows]) == len(words)


def test_every_script_of_the_package_is_in_the_page():
    assert {path.name for path in PACKAGE.iterdir() if path.name.endswith(".js")} == set(SCRIPTS)


def test_the_page_is_written_with_the_assessment_unless_told_not_to(tmp_path):
    assessment = assess(from_columns(example_columns("twin_ring")))

    for html_too in True, False:
        out = write_assessment(
            assessment, tmp_path / "out", maps=False, html=html_too, handover=Handover.none()
        )
        assert (out / "report.html").exists() is html_too


def test_a_notebook_gets_the_same_page_in_a_frame_of_its_own(bank):
    frame = bank.explore(lang="zh", height_px=500)._repr_html_()

    ((attributes, _),) = Page(frame).find("iframe")
    assert '<html lang="zh-CN">' in attributes["srcdoc"]
    assert "allow-same-origin" not in attributes["sandbox"]
    assert html.unescape(html.escape(attributes["srcdoc"])) == attributes["srcdoc"]


def _hash(text):
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
