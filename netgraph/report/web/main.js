// Starts the page: words, lists, map, what the address asks for.

const siteList = new VirtualList($("worst"), { rowHeight: 50, draw: drawSite, choose: (row) => chooseSite(row) });
state.all = Array.from({ length: SITE_COUNT }, (_, i) => i);
const TABS = ["sites", "circuits", "hazards", "causes", "works", "customers", "cities", "counties", "findings", "charts"].filter((tab) => tab !== "works" || DATA.works);

const chooseSite = (row, options) => whenWhole(() => showSite(row, options));
function showSite(row, { fit = true, circuit = -1 } = {}) {
  if (row !== state.site) state.best = "";
  state.site = row ?? -1;
  state.circuit = circuit;
  pickSite(state.site);
  showSheet();
  siteList.mark(state.site);
  if (openTable?.table === "sites") openTable.list.mark(state.site, false);
  if (fit && state.site >= 0) requestAnimationFrame(() => { measure(); cam.fit(pickedBox()); repaint(true); });
  if (state.site < 0) $("worst").focus({ preventScroll: true });
  writeHash();
  repaint(true);
}
function measure() {
  const rect = canvas.getBoundingClientRect();
  cam.w = Math.max(1, rect.width);
  cam.h = Math.max(1, rect.height);
  const legend = $("legend"), covers = legend.open && hasRoomForLegend();
  cam.coverW = covers ? legend.offsetLeft + legend.offsetWidth : 0;
  cam.coverH = covers ? cam.h - legend.offsetTop : 0;
}
const hasRoomForLegend = () => canvas.clientHeight > 480 && canvas.clientWidth > 760;

const chooseTab = (tab) => whenWhole(() => showTab(state.tab === tab ? "" : tab));
function showTab(tab) {
  state.tab = tab;
  for (const button of $("tabs").querySelectorAll("[role=tab]")) {
    button.setAttribute("aria-selected", button.dataset.tab === tab);
    button.tabIndex = button.dataset.tab === (tab || "sites") ? 0 : -1;
  }
  document.body.classList.toggle("docked", tab !== "");
  $("panel").hidden = tab === "";
  $("dock-size").hidden = tab === "";
  openTable = null;
  if (tab === "charts") showCharts();
  else if (tab) showTable(tab);
  if (!tab) document.body.classList.remove("tall");
  writeHash();
  repaint(true);
}

// Where the data is from, kept apart from the rest: it may run from right to left.
function sources() {
  const own = HEAD.notes ? [name(t("attribution", { source: shortened(HEAD.notes, 600) })), " "] : [];
  return [...own, [HEAD.scoreNote[state.lang], t("drawn_note")].filter(Boolean).join(" ")];
}

function setLang(lang) {
  state.lang = lang;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
    if (element.dataset.label !== "map") element.title = t(element.dataset.label);
  }
  $("q").placeholder = t("search");
  $("lang").textContent = lang === "zh" ? "English" : "中文";
  $("lang").lang = FALLBACK[lang];
  const facts = [many("sites_count", SITE_COUNT), many("circuits_count", TABLES.circuits.length),
    ...(HEAD.withoutSite ? [many("circuits_without_site", HEAD.withoutSite)] : []),
    many("customers_count", TABLES.customers.length), HEAD.date ? t("snapshot", { date: HEAD.date }) : t("snapshot_unknown")];
  $("facts").textContent = facts.join(" · ");
  $("name").textContent = HEAD.name || t("title");
  $("invented").hidden = !HEAD.invented;
  $("invented").textContent = t("invented");
  $("source").replaceChildren(...sources());
  $("source").title = $("source").textContent;
  $("version").textContent = `netgraph ${HEAD.version}`;
  showLegend();
  for (const button of $("tabs").querySelectorAll("[role=tab]")) {
    const tab = button.dataset.tab;
    button.replaceChildren(t(`tab.${tab}`), ...(TABLES[tab] ? [h("small", {}, ` ${number(TABLES[tab].length)}`)] : []));
  }
  sprites.clear();
  fillFilters();
  applyFilters();
  showSheet();
  if (state.tab) showTab(state.tab);
}

function showLegend() {
  const row = (sign, words) => h("li", {}, sign, h("span", {}, words));
  const line = (kind) => h("i", { class: `stroke ${kind}` });
  const used = new Set(), media = [];
  for (let i = 0; i < SPANS.size; i++) used.add(SPANS.medium(i));
  for (const medium of Object.keys(MEDIA)) {
    if (!used.has(medium)) continue;
    const style = MEDIA[medium];
    const sample = svg("svg", { width: 28, height: 10, "aria-hidden": "true" }, svg("line", { x1: 1, y1: 5, x2: 27, y2: 5, stroke: "#66727F", "stroke-width": style.width * 1.5, "stroke-dasharray": style.dash.join(" ") }));
    media.push(row(sample, label("medium", medium)));
  }
  const roles = new Set(offices().map((p) => PLACES.word(p)));
  const office = (role) => svg("svg", { viewBox: "-8 -8 16 16", width: 16, height: 16, "aria-hidden": "true" },
    svg("rect", { x: -OFFICE_SIZES[role], y: -OFFICE_SIZES[role], width: 2 * OFFICE_SIZES[role], height: 2 * OFFICE_SIZES[role], fill: "#fff", stroke: SLATE, "stroke-width": 1.6 }),
    role === "core" ? svg("rect", { x: -3, y: -3, width: 6, height: 6, fill: "none", stroke: SLATE, "stroke-width": 1.4 }) : role === "aggregation" ? svg("rect", { x: -2, y: -2, width: 4, height: 4, fill: SLATE }) : "");
  const tiers = new Set(idsOf("tier").filter((tier) => counted(SITES.col("tier"), state.all).has(tier)));
  const titled = (id, rows) => (rows.length ? [h("h4", {}, t(id)), h("ul", { class: "inline" }, ...rows)] : []);
  $("legend-body").replaceChildren(
    h("h4", {}, t("legend_grade")), h("ul", { class: "inline" }, ...["excellent", "good", "fair", "poor"].map((grade) => row(gradeBadge(grade), label("grade", grade)))),
    ...titled("legend_tier", idsOf("tier").filter((tier) => tiers.has(tier)).map((tier) => row(icon(tier, "#fff", "", "", 16), label("tier", tier)))),
    h("h4", {}, t("legend_routes")), h("ul", {}, row(line("working"), label("part", "working")), row(line("protect"), label("part", "protect")), row(line("shared"), label("part", "shared")),
      row(line("best"), t("alternative")), row(icon("red", INK, "", "", 14), label("part", "unavoidable")), row(h("span", { class: "no" }, "1"), t("hazard_mark"))),
    ...workLegend(),
    ...titled("legend_plant", [...media, ...["core", "aggregation", "access", "external"].filter((role) => roles.has(role)).map((role) => row(office(role), label("role", role)))]));
}

// What print shows besides the map: the worst sites first, then charts, causes, works, cities.
function printout() {
  const paper = (title, table, rows, ids) => {
    const columns = ids.map((id) => tableColumns(table).find((column) => column.id === id));
    return h("section", {}, h("h2", {}, title), h("table", {}, h("thead", {}, h("tr", {}, ...columns.map((column) => h("th", {}, titleOf(column))))),
      h("tbody", {}, ...rows.map((i) => h("tr", {}, ...columns.map((column) => {
        const kind = column.kind(), text = shortened(cellText(column, i), 60);
        return h("td", { class: ["number", "ratio", "metres"].includes(kind) ? "num" : "" }, kind === "word" && column.group() === "severity" ? severityIcon(column.raw(i), 11) : "", name(text));
      }))))));
  };
  const causes = rowsOf("causes").filter((i) => TABLES.causes.get("severity", i) !== "info").slice(0, 15);
  $("printout").replaceChildren(
    paper(t("worst_sites"), "sites", Array.from(state.rows.slice(0, 25)), ["rank", "name", "site_id", "city", "county", "tier", "severity", "recorded_level", "grade", "score", "outage_minutes_year"]),
    h("div", { class: "charts" }, ...allCharts()),
    paper(t("worst_causes"), "causes", causes, ["severity", "kind", "from_place", "to_place", "length_m", "sites", "circuits", "customers", "worst_tier"]),
    ...(DATA.works ? [paper(t("tab.works"), "works", rowsOf("works").slice(0, 40), ["priority", "kind", "served", "subject", "plant_m", "cable_m", "cost_yuan", "grade_before", "grade_after", "minutes_avoided"])] : []),
    paper(t("tab.cities"), "cities", Array.from({ length: Math.min(40, TABLES.cities.length) }, (_, i) => i), ["city", "sites", "circuits", "excellent", "good", "fair", "poor", "dual_route_ratio", "red", "orange", "yellow"]),
    h("p", { class: "muted" }, ...sources(), " ", $("version").textContent));
}

// The address after # says what is chosen: a link to a site, a city, a table.
let writing = true;
function writeHash() {
  if (!writing) return;
  const words = new URLSearchParams();
  if (state.site >= 0) words.set("site", SITES.get("site_id", state.site));
  for (const filter of FILTERS) if (state.filters[filter]) words.set(filter, state.filters[filter]);
  if (state.q) words.set("q", state.q);
  if (state.best) words.set("best", state.best);
  if (state.tab) words.set("tab", state.tab);
  if (state.tab && tableState[state.tab]?.sort) words.set("sort", (tableState[state.tab].down ? "-" : "") + tableState[state.tab].sort);
  if (state.lang !== HEAD.lang) words.set("lang", state.lang);
  try { history.replaceState(null, "", `#${words}`); } catch { /* a page inside a page has no address of its own */ }
}
function readHash() {
  const words = new URLSearchParams(location.hash.slice(1));
  writing = false;
  for (const filter of FILTERS) state.filters[filter] = words.get(filter) || "";
  state.q = words.get("q") || "";
  $("q").value = state.q;
  const sort = words.get("sort") || "", tab = TABS.includes(words.get("tab")) ? words.get("tab") : "";
  if (tab && tab !== "charts") Object.assign(stateOf(tab), { sort: sort.replace(/^-/, ""), down: sort.startsWith("-") });
  state.tab = tab;
  state.site = siteRows().get(words.get("site")) ?? -1;
  state.circuit = -1;
  state.best = ["cables", "spans"].includes(words.get("best")) ? words.get("best") : "";
  pickSite(state.site);
  setLang(["zh", "en"].includes(words.get("lang")) ? words.get("lang") : HEAD.lang);
  showTab(state.tab);
  measure();
  cam.fit(state.site >= 0 ? pickedBox() : shownBox());
  siteList.mark(state.site);
  writing = true;
  repaint(true);
}

for (const tab of TABS) {
  $("tabs").append(h("button", { type: "button", role: "tab", "data-tab": tab, "aria-controls": "panel", "aria-selected": false, onclick: () => chooseTab(tab) }));
}
$("tabs").addEventListener("keydown", (event) => {
  const buttons = [...$("tabs").querySelectorAll("[role=tab]")], at = buttons.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  buttons[(to + buttons.length) % buttons.length].focus();
  event.preventDefault();
});
for (const select of $("filters").querySelectorAll("[data-filter]")) {
  select.addEventListener("change", () => setFilters({ [select.dataset.filter]: select.value, ...(select.dataset.filter === "city" ? { county: "" } : {}) }));
}
let typing = 0;
$("q").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => whenWhole(() => { state.q = $("q").value; applyFilters(); }), 90);
});
$("q").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  clearTimeout(typing);
  whenWhole(() => {
    state.q = $("q").value;
    applyFilters();
    if (state.rows.length) chooseSite(state.rows[0]);
  });
});
$("reset").addEventListener("click", () => {
  state.q = $("q").value = "";
  setFilters(Object.fromEntries(FILTERS.map((filter) => [filter, ""])));
});
$("lang").addEventListener("click", () => { setLang(FALLBACK[state.lang]); writeHash(); });
$("print").addEventListener("click", () => window.print());
$("zoom-in").addEventListener("click", () => { cam.zoom(1.6); repaint(); });
$("zoom-out").addEventListener("click", () => { cam.zoom(1 / 1.6); repaint(); });
$("zoom-fit").addEventListener("click", () => { cam.fit(shownBox()); repaint(); });
$("dock-size").addEventListener("click", () => { document.body.classList.toggle("tall"); repaint(true); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.site >= 0 && event.target.tagName !== "SELECT") chooseSite(-1);
  if (event.key === "/" && !["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName)) { $("q").focus(); event.preventDefault(); }
});
// On paper nothing can be opened: the legend is, and the evidence of what costs marks.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [$("legend"), ...$("sheet").querySelectorAll("details.r-f, details.r-u")].filter((each) => !each.open);
  for (const each of opened) each.open = true;
  printout();
});
addEventListener("afterprint", () => { for (const each of opened) each.open = false; });
addEventListener("hashchange", () => whenWhole(readHash));
// The legend opens by itself only where it leaves room for the map.
let legendChosen = false;
$("legend").querySelector("summary").addEventListener("click", () => { legendChosen = true; });
$("legend").addEventListener("toggle", measure);
new ResizeObserver(() => {
  if (!legendChosen) $("legend").open = hasRoomForLegend();
  render(); // at once: a frame later the old picture would show stretched
}).observe(canvas);
if (location.hash.length > 1) whenWhole(readHash);
else readHash();
whenWhole(() => {
  if (cam.k > 0.004) repaint(true); // names of offices
  document.documentElement.dataset.ready = "true";
});
