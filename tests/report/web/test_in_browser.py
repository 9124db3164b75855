"""The page in a real browser: clicks, keys, filters, search, pictures. No request leaves it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import shapely

from netgraph.assessment.handover.web import assessment_page
from netgraph.datasets import example_columns
from netgraph.report.plan.model import PlannedWorks, Standing, Work, WorkPart

BLUE, ORANGE, RED, GREEN = (0, 114, 178), (230, 159, 0), (213, 94, 0), (0, 158, 115)
HOSTILE = (
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(2)> & \"quotes' `",
    "\U0001f600 \u0627\u0644\u0628\u0646\u0643 \u202eback", "4" * 4_000,
)  # fmt: skip


def texts(window, selector):
    """Text of every element that matches."""
    return window.ask(
        f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.textContent)"
    )


def address(window):
    """What the address says after the #."""
    return window.ask("Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")


def pixels(window, colour):
    """How many points of the map have a colour, and one of them in the window."""
    r, g, b = colour
    return window.ask(
        "(() => { const c = document.getElementById('canvas'), w = c.width;"
        "const d = c.getContext('2d').getImageData(0, 0, w, c.height).data;"
        "const o = c.getBoundingClientRect(); let n = 0, at = null;"
        f"for (let i = 0; i < d.length; i += 4) if (d[i] === {r} && d[i + 1] === {g} &&"
        f" d[i + 2] === {b}) {{ n++; at ??= [o.x + (i / 4) % w + .5, o.y + i / 4 / w]; }}"
        "return { n, at }; })()"
    )


@pytest.fixture(scope="module")
def ranked(bank):
    """Sites of the bank, the worst first."""
    return bank.sites.sort_values("rank").reset_index(drop=True)


@pytest.fixture
def page(window, bank_file):
    """The page of the bank, freshly opened; at the end nothing may have gone wrong in it."""
    window.open(bank_file)
    yield window
    assert window.complaints() == []
    assert window.requests() == [bank_file.as_uri()]


def test_the_first_screen_says_how_many_circuits_count_at_no_site(window, render, tmp_path):
    columns = example_columns("twin_ring")
    columns["circuits"]["a_id"][0] = None
    path = tmp_path / "report.html"
    path.write_text(render(columns), encoding="utf-8")
    window.open(path)
    assert "1 circuit at no site" in window.ask("document.getElementById('facts').textContent")
    assert window.complaints() == []


def test_the_first_screen_names_the_ten_worst_sites(page, ranked):
    shown = texts(page, "#worst .site .body b")

    assert shown[:10] == ranked["name"][:10].tolist()
    tenth = page.ask("document.querySelectorAll('#worst .site')[9].getBoundingClientRect().bottom")
    assert tenth < 900
    counts = ranked["grade"].value_counts()
    for grade in ("excellent", "good", "fair", "poor"):
        assert texts(page, f"[data-grade={grade}] b") == [str(counts[grade])]


def test_the_first_screen_is_there_before_the_rest_of_the_file(window, bank_file, ranked, tmp_path):
    cut = tmp_path / "cut.html"
    text = bank_file.read_text("utf-8")
    cut.write_text(text[: text.index('<script type="application/json" id="data-')], "utf-8")

    window.open(cut)

    assert texts(window, "#worst .site .body b")[:10] == ranked["name"][:10].tolist()
    assert pixels(window, BLUE)["n"] > 50
    assert texts(window, "[data-tab=circuits]") == ["Circuits 778"]
    window.ask(
        "(() => { const s = document.querySelector('[data-filter=city]'); s.value = '朔州市';"
        "s.dispatchEvent(new Event('change')); })()"
    )
    assert texts(window, "#found") == [f"{(ranked['city'] == '朔州市').sum()} of 389 sites"]
    assert window.complaints() == []


def test_a_click_on_a_site_shows_its_sheet_and_both_its_routes(page, ranked, bank):
    site = ranked[ranked["recorded_level"] == "same_cable"].iloc[3]
    page.ask(f"location.hash = 'q={site['site_id']}'")
    page.wait("document.querySelectorAll('#worst .site').length === 1")
    before = pixels(page, ORANGE)["n"]

    page.click("#worst .site")
    page.settle()

    sheet = page.ask("document.getElementById('sheet').textContent")
    assert site["name"] in sheet
    assert site["site_id"] in sheet
    assert f"{site['score']:.1f}".rstrip("0").rstrip(".") in sheet
    assert "same cable" in sheet
    reasons = bank.circuits.loc[bank.circuits["site_id"] == site["site_id"], "reason"]
    assert any(reason in sheet for reason in reasons)
    assert address(page)["site"] == site["site_id"]
    assert pixels(page, ORANGE)["n"] > before + 200
    assert pixels(page, BLUE)["n"] > 200


def test_what_both_routes_share_is_red_and_only_there(page, ranked):
    for level, is_red in ("same_cable", True), ("separated", False):
        site = ranked[ranked["recorded_level"] == level].iloc[0]
        page.ask(f"location.hash = 'site={site['site_id']}&grade=none'")
        page.wait(f"location.hash.includes({json.dumps(site['site_id'])})")
        page.settle()
        if is_red:
            page.ask(
                "[...document.querySelectorAll('#sheet .chip')]"
                ".find(b => b.textContent === 'Show shared parts').click()"
            )
            page.settle()
        assert (pixels(page, RED)["n"] > 500) is is_red


def test_the_score_sheet_gives_every_item_with_its_evidence(page, ranked, bank):
    site = ranked.iloc[0]
    place = bank.network.places.index.find(site["site_id"])
    score = bank.scores.by_place[place]

    page.click("#worst .site")

    assert texts(page, "#sheet .score .words small") == list(score.items)
    told = texts(page, "#sheet .score > p")
    for (name, item), words in zip(score.items.items(), told, strict=True):
        assert all(row in words for row in item.evidence[:8]), name


def test_a_site_on_the_map_can_be_clicked(page, ranked):
    page.click("[data-grade=excellent]")
    found = pixels(page, GREEN)
    assert found["n"] > 50

    page.click_at(*(value + 1 for value in found["at"]))

    chosen = address(page)["site"]
    grades = dict(zip(ranked["site_id"], ranked["grade"], strict=True))
    assert grades[chosen] == "excellent"


def test_the_map_moves_with_mouse_wheel_and_keys(page):
    def view():
        return page.ask("document.getElementById('scale-words').textContent"), page.screenshot()

    words, picture = view()
    x, y = page.middle("#canvas")
    page.mouse("mouseWheel", x, y, deltaX=0, deltaY=-900)
    page.settle()
    nearer, zoomed = view()
    assert nearer != words
    for kind, to in ("mousePressed", x), ("mouseMoved", x + 80), ("mouseReleased", x + 80):
        page.mouse(kind, to, y, **({"buttons": 1} if kind != "mouseReleased" else {}))
    page.settle()
    assert view()[1] != zoomed
    page.press("0")
    page.ask("new Promise(f => setTimeout(f, 200))")
    assert view()[0] == words
    assert picture
    assert "site" not in address(page)


def test_nothing_lies_under_the_legend_when_the_page_opens(window, small_page, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(small_page, encoding="utf-8")
    edges = (
        "(() => { const c = document.getElementById('canvas'), w = c.width, found = [];"
        "const l = document.getElementById('legend'), ratio = w / c.clientWidth;"
        "const d = c.getContext('2d').getImageData(0, 0, w, c.height).data;"
        "for (let i = 0; i < d.length; i += 4)"
        f" if ({json.dumps([BLUE, ORANGE, GREEN])}.some(([r, g, b]) =>"
        " d[i] === r && d[i + 1] === g && d[i + 2] === b)) found.push((i / 4) % w / ratio);"
        "return { left: found.reduce((x, y) => Math.min(x, y)),"
        " right: found.reduce((x, y) => Math.max(x, y)),"
        " legend: l.offsetLeft + l.offsetWidth, width: c.clientWidth }; })()"
    )
    window.open(path)
    opened = window.ask(edges)
    assert opened["legend"] < opened["left"] < opened["right"] < opened["width"]

    window.click("#legend summary")
    window.settle()
    window.click("#zoom-fit")
    window.ask("new Promise(f => setTimeout(f, 200))")
    closed = window.ask(edges)
    assert closed["left"] < opened["legend"], "closed, it leaves all of the map"
    assert closed["right"] < closed["width"]


def test_filters_narrow_the_list_the_counts_and_the_tables(page, ranked):
    page.ask(
        "(() => { const s = document.querySelector('[data-filter=city]'); s.value = '朔州市';"
        "s.dispatchEvent(new Event('change')); })()"
    )
    page.click("[data-grade=poor]")
    page.click("[data-tab=circuits]")

    wanted = ranked[(ranked["city"] == "朔州市") & (ranked["grade"] == "poor")]
    assert texts(page, "#worst .site .body b") == wanted["name"].tolist()
    assert texts(page, "#found") == [f"{len(wanted)} of {len(ranked)} sites"]
    assert texts(page, "#panel .count")[0].startswith(f"{wanted['circuits'].sum()} of 778")
    assert address(page) == {"city": "朔州市", "grade": "poor", "tab": "circuits"}
    page.click("#reset")
    assert texts(page, "#found") == [f"{len(ranked)} of {len(ranked)} sites"]


def test_search_finds_by_name_id_customer_and_circuit(page, ranked):
    site = ranked.iloc[200]
    for word, is_only in (site["site_id"], True), (site["name"], True), ("示例银行（虚构）", False):
        page.ask("document.getElementById('q').value = ''")
        page.press("/")
        assert page.ask("document.activeElement.id") == "q"
        page.write(word)
        page.press("Enter")
        if is_only:
            assert address(page)["site"] == site["site_id"]
        else:
            assert texts(page, "#found")[0].startswith("389 of")
        page.press("Escape")
        assert "site" not in address(page)
        page.ask("document.activeElement.blur()")


def test_tables_sort_filter_and_lead_to_the_site(page, ranked):
    page.click("[data-tab=sites]")
    heads = texts(page, ".head button")
    page.ask(
        "[...document.querySelectorAll('.head button')]"
        ".find(b => b.textContent.startsWith('Score')).click()"
    )
    column = [head.split(" ")[0] for head in heads].index("Score")
    shown = [float(value) for value in texts(page, f".row .cell:nth-child({column + 1})")]
    assert shown == [round(v, 1) if v % 1 else v for v in sorted(ranked["score"])[: len(shown)]]
    assert page.ask("document.querySelectorAll('[aria-sort=ascending]').length") == 1

    page.click(".tools input")
    page.write("大同分行")
    assert texts(page, "#panel .count") == ["1 of 389 rows"]
    page.click(".table .row")
    assert address(page)["site"] == "S-0201"


def test_a_table_of_any_length_puts_only_the_rows_in_sight_into_the_page(page, bank):
    page.click("[data-tab=hazards]")

    assert page.ask("document.querySelectorAll('.table .row').length") < 60
    page.ask("document.querySelector('.table').scrollTop = 1e7")
    last = json.dumps(str(len(bank.hazards)))
    page.wait(f"document.querySelector('.table .row:last-child .cell').textContent === {last}")
    assert page.ask("document.querySelectorAll('.table .row').length") < 60


def test_every_tab_opens(page):
    for tab in page.ask("[...document.querySelectorAll('[data-tab]')].map(b => b.dataset.tab)"):
        page.click(f"[data-tab={tab}]")
        assert page.ask("document.querySelector('#panel .row, #panel svg') !== null"), tab
    assert len(texts(page, "#panel figcaption b")) == 4


def test_everything_can_be_reached_with_the_keyboard(page, ranked):
    page.ask("document.getElementById('worst').focus()")
    for _ in range(3):
        page.press("ArrowDown")
    page.press("Enter")
    assert address(page)["site"] == ranked["site_id"][2]
    page.press("Escape")

    page.ask("document.body.focus()")
    reached = []
    for _ in range(40):
        page.press("Tab")
        reached.append(page.ask("document.activeElement.id"))
    assert {"q", "lang", "print", "worst", "canvas"} <= set(reached)
    assert reached[reached.index("worst") + 1] == "canvas"
    unnamed = page.ask(
        "[...document.querySelectorAll('button, select, input, canvas')].filter(e => !e.hidden &&"
        "!(e.getAttribute('aria-label') || e.textContent.trim())).length"
    )
    assert unnamed == 0


def test_the_tab_key_stops_at_every_control_and_shows_where_it_is(page):
    page.ask("location.hash = 'site=S-0201&tab=hazards'")
    page.wait("document.querySelector('#sheet summary') && document.querySelector('.table')")
    page.ask("document.activeElement.blur()")
    page.ask("""(() => { window.hidden = []; window.met = new Set();
        window.look = () => { const e = document.activeElement, s = getComputedStyle(e);
            met.add(e); if (e === document.body) return;
            const box = e.getBoundingClientRect();
            if (s.outlineStyle === 'none' || !e.matches(':focus-visible') || !box.width ||
                box.bottom < 0 || box.top > innerHeight) hidden.push(e.outerHTML.slice(0, 80)); };
        document.addEventListener('focusin', look);
        })()""")
    for _ in range(110):
        page.press("Tab")

    hidden = page.ask("window.hidden")
    missed = page.ask("""[...document.querySelectorAll(
        'button, select, input, canvas, summary, a, [tabindex]')].filter(e => e.tabIndex >= 0 &&
        e.offsetParent && !e.disabled && !met.has(e)).map(e => e.outerHTML.slice(0, 80))""")
    assert (hidden, missed) == ([], [])
    page.press("Escape")
    assert "site" not in address(page)


def test_the_page_speaks_the_other_language_at_a_click(page):
    page.click("#worst .site")
    page.click("#lang")

    assert page.ask("document.documentElement.lang") == "zh-CN"
    assert texts(page, "#list-title") == ["网点排名（隐患最严重者在前）"]
    assert "同缆" in page.ask("document.getElementById('sheet').textContent")
    assert address(page)["lang"] == "zh"


def test_a_link_opens_a_site_in_a_table_in_a_language(window, bank_file):
    window.open(bank_file, "#site=S-1112&tab=findings&lang=zh&best=spans")

    assert "示例银行兴县支行" in texts(window, "#sheet h2")[0]
    assert texts(window, "[aria-selected=true][role=tab]")[0].startswith("数据问题")
    assert pixels(window, GREEN)["n"] > 200
    assert window.complaints() == []


def test_a_window_of_1024_pixels_is_wide_enough(window, bank_file):
    for fragment in "", "#site=S-0201&tab=sites":
        window.open(bank_file, fragment, width=1024, height=768)
        assert window.ask("document.documentElement.scrollWidth") <= 1024
        assert window.ask("document.getElementById('canvas').clientWidth") > 400
    # More tiles, as of sites without a grade, push the last figures down instead of crushing them.
    window.ask(
        "const tile = document.querySelector('.tile');"
        "for (let i = 3; i--;) tile.parentElement.append(tile.cloneNode(true))"
    )
    assert window.ask("document.querySelector('#tiles .plain').clientHeight") < 50


def test_it_prints_with_its_tables(window, bank_file):
    window.open(bank_file)

    assert window.pdf().startswith(b"%PDF")
    assert window.ask("document.querySelectorAll('#printout tbody tr').length") == 25 + 15 + 11
    assert texts(window, "#printout h2")[0] == "Worst sites"
    assert window.complaints() == []


def test_hostile_names_are_shown_as_text(window, render, tmp_path):
    columns = example_columns("twin_ring")
    names = [HOSTILE[i % 4] for i in range(6)]
    columns["sites"] = {**columns["sites"], "name": names, "city": names}
    columns["customers"] = {**columns["customers"], "name": list(HOSTILE[:2])}
    columns["inventory"] = {**columns["inventory"], "notes": [HOSTILE[2]]}
    path = tmp_path / "hostile.html"
    path.write_text(render(columns), encoding="utf-8")

    window.open(path, "#tab=sites")
    for site in range(1, 7):
        window.ask(f"location.hash = 'site=S{site}&tab=customers'")
        window.wait(f"document.querySelector('#sheet .muted')?.textContent.startsWith('S{site}')")
        assert texts(window, "#sheet h2 bdi") == [names[site - 1]]
    assert texts(window, "#source > bdi") == [f"Data: {HOSTILE[2]}"]  # turns nothing but itself
    assert window.ask("document.querySelectorAll('script:not([type])').length") == 1
    assert window.ask("document.querySelectorAll('body img').length") == 0
    assert window.ask("document.documentElement.scrollWidth") <= 1440
    assert window.complaints() == []
    assert window.requests() == [path.as_uri()]


def test_the_browser_refuses_a_request_that_anything_in_the_page_makes(window, bank_file):
    window.open(bank_file)

    for attempt in (
        "fetch('https://example.invalid/').then(() => 'went out', () => 'refused')",
        (
            "new Promise(f => { const i = new Image(); i.onload = () => f('went out');"
            "i.onerror = () => f('refused'); i.src = 'https://example.invalid/a.png'; })"
        ),
    ):
        assert window.ask(attempt) == "refused"
    told = json.dumps(window.complaints())
    assert "'https://example.invalid/' violates" in told
    assert "'https://example.invalid/a.png' violates" in told


def _planned():
    """A ring of new plant for one site of the bank, and a device that two share."""
    before, after = Standing(54.6, "fair", "same_cable"), Standing(96.9, "excellent", "diverse")
    common = {"is_chosen": True, "price_level": "2012", "before": before, "after": after,
              "circuits": 2, "benefit": 9.0, "benefit_per_10k_yuan": 3.0}  # fmt: skip
    line = shapely.MultiLineString([[(112.5, 37.8), (112.6, 37.9)]])
    ring = Work(
        "W-ring", "new_plant", 1, is_line_work=True, sites=("S-0201",), cost_yuan=160_000.0,
        circuit_minutes_avoided=12.0, survey_reasons=("generated_corridor",),
        reason="not_in_existing_spans", from_id="S-0201", to_id="M1",
        lengths_m={"duct_m": 2000.0}, parts=(WorkPart("duct", 2000.0, line),), **common,
    )  # fmt: skip
    device = Work(
        "W-device", "replace_device", 2, is_line_work=False, sites=("S-0201", "S-0202"),
        cost_yuan=None, circuit_minutes_avoided=0.0, survey_reasons=(), reason="cheapest",
        table="equipment", element_id="P-1 <b>", **common,
    )  # fmt: skip
    summary = SimpleNamespace(price_level="2012", cost_yuan=160_000.0)
    return PlannedWorks(summary, (ring, device), (), (), ())


@pytest.fixture(scope="module")
def works_file(bank, tmp_path_factory):
    path = tmp_path_factory.mktemp("works") / "works.html"
    path.write_text(assessment_page(bank, "en", _planned()), encoding="utf-8")
    return path


def test_planned_works_stand_in_the_sheet_of_each_site_that_they_serve(window, works_file):
    window.open(works_file, "#site=S-0201")

    sheet = window.ask("document.getElementById('sheet').textContent")
    assert "Proposed works (2)" in sheet
    assert "new plant 2,000 m · 160,000 yuan · 12 circuit minutes of outage less a year" in sheet
    assert "generated corridor" in sheet
    assert "P-1 <b>" in sheet
    assert "no price · for 2 sites together" in sheet
    assert "Price level: 2012" in sheet

    window.open(works_file, "#site=S-0202")
    assert "Proposed works (1)" in window.ask("document.getElementById('sheet').textContent")
    window.open(works_file, "#site=S-0203")
    assert "No work of the plan" in window.ask("document.getElementById('sheet').textContent")
    assert window.complaints() == []


def test_works_have_a_table_that_leads_to_the_site_and_to_the_line(window, works_file, bank_file):
    window.open(works_file, "#tab=works&lang=zh")
    rows = "document.querySelectorAll('#panel .table [role=row]')"

    assert window.ask(f"{rows}.length") == 3  # with the heading
    assert "新建管道成环" in window.ask(f"{rows}[1].textContent")
    legend = window.ask("document.getElementById('legend-body').textContent")
    assert "新建管道" in legend

    window.ask(f"{rows}[1].click()")
    window.settle()
    assert "S-0201" in window.ask("document.getElementById('sheet').textContent")
    assert "site=S-0201" in window.ask("location.hash")

    window.open(bank_file, "#tab=works")  # an assessment without a plan has no such table
    assert window.ask("document.querySelectorAll('[data-tab=works]').length") == 0
    window.open(bank_file, "#site=S-0201")
    assert "Proposed works" not in window.ask("document.getElementById('sheet').textContent")
