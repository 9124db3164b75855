// Filters, search, the counts in the head and the list of the worst sites.

const hayOfSites = lazy(() => {
  const hay = new Array(SITE_COUNT), ids = TABLES.circuits.col("circuit_id"), own = circuitsOfSite();
  for (let row = 0; row < SITE_COUNT; row++) {
    const customer = SITES.get("customer_id", row);
    const circuits = Array.from(rowOf(own, row), (i) => ids.at(i));
    hay[row] = [SITES.get("site_id", row), SITES.get("name", row), customer, customerName(customer), ...circuits].join("\n").toLowerCase();
  }
  return hay;
});
const COLUMN_OF = { customer: "customer_id", level: "recorded_level" };
const columnOf = (filter) => SITES.col(COLUMN_OF[filter] || filter);

// Rows under all filters but those named.
function rowsUnder(...without) {
  const active = FILTERS.filter((name) => state.filters[name] !== "" && !without.includes(name)).map((name) => [columnOf(name), state.filters[name] === "∅" ? "" : state.filters[name]]);
  const find = state.q.trim().toLowerCase(), hay = find ? hayOfSites() : null, rows = [];
  for (let row = 0; row < SITE_COUNT; row++) {
    if (active.every(([column, value]) => column.at(row) === value) && (!hay || hay[row].includes(find))) rows.push(row);
  }
  return rows;
}
function applyFilters() {
  state.rows = Int32Array.from(rowsUnder());
  state.shown.fill(0);
  for (const row of state.rows) state.shown[row] = 1;
  showTiles();
  siteList.set(state.rows);
  siteList.mark(state.site, false);
  $("found").textContent = t("sites_found", { shown: number(state.rows.length), all: number(SITE_COUNT) });
  $("none").hidden = state.rows.length > 0;
  $("reset").disabled = !state.q && FILTERS.every((name) => state.filters[name] === "");
  if (openTable) openTable.renew();
  writeHash();
  repaint(true);
}
function setFilters(values, fit = true) {
  Object.assign(state.filters, values);
  fillFilters();
  applyFilters();
  if (fit) { cam.fit(state.site >= 0 ? pickedBox() : shownBox()); repaint(); }
}

function counted(column, rows) {
  const counts = new Map();
  for (const row of rows) counts.set(column.at(row), (counts.get(column.at(row)) || 0) + 1);
  return counts;
}
function fillFilters() {
  const box = $("filters");
  for (const filter of FILTERS) {
    const select = box.querySelector(`[data-filter="${filter}"]`), column = columnOf(filter);
    const rows = filter === "county" && state.filters.city ? state.all.filter((row) => SITES.get("city", row) === state.filters.city) : state.all;
    const counts = counted(column, rows), group = column.group;
    const values = [...counts.keys()];
    if (group) values.sort((p, q) => (orderOf()[group].get(p) ?? 99) - (orderOf()[group].get(q) ?? 99));
    else values.sort(new Intl.Collator(state.lang, { numeric: true }).compare);
    if (filter === "county" && state.filters.county && !counts.has(state.filters.county === "∅" ? "" : state.filters.county)) state.filters.county = "";
    const text = (value) => (value === "" ? t("not_recorded") : group ? label(group, value) : filter === "customer" ? customerName(value) : value);
    select.replaceChildren(h("option", { value: "" }, t(`all.${filter}`)),
      ...values.map((value) => h("option", { value: value === "" ? "∅" : value }, `${shortened(text(value), 40)} (${number(counts.get(value))})`)));
    select.value = state.filters[filter];
    select.setAttribute("aria-label", t(`filter.${filter}`));
    select.classList.toggle("on", state.filters[filter] !== "");
  }
}

// Counts by grade and severity; each is a button that filters by it.
function showTiles() {
  const grades = counted(SITES.col("grade"), rowsUnder("grade")), all = [...grades.values()].reduce((a, b) => a + b, 0);
  const severities = counted(SITES.col("severity"), rowsUnder("severity")), requirement = counted(SITES.col("meets_requirement"), state.rows.filter((row) => SITES.get("required_level", row)));
  const toggle = (filter, value) => () => setFilters({ [filter]: state.filters[filter] === (value || "∅") ? "" : value || "∅" });
  const pressed = (filter, value) => String(state.filters[filter] === (value || "∅"));
  const tiles = ["excellent", "good", "fair", "poor", ...(grades.get("") ? [""] : [])].map((grade) => h("button", {
    type: "button", class: `tile g-${grade || "none"}`, "aria-pressed": pressed("grade", grade), "data-grade": grade, onclick: toggle("grade", grade),
  }, gradeBadge(grade, "big"), h("b", {}, number(grades.get(grade) || 0)), h("span", {}, h("span", { class: "word" }, label("grade", grade) === gradeLetter(grade) ? "" : label("grade", grade) || t("no_grade")), h("small", {}, all ? ` ${number((100 * (grades.get(grade) || 0)) / all)} %` : ""))));
  const chips = ["red", "orange", "yellow", "blue"].map((severity) => h("button", {
    type: "button", class: "tile small", "aria-pressed": pressed("severity", severity), "data-severity": severity, onclick: toggle("severity", severity), title: t(`severity.${severity}`),
  }, severityIcon(severity, 18), h("b", {}, number(severities.get(severity) || 0)), h("span", { class: "word" }, label("severity", severity))));
  renew($("tiles"),
    h("div", { class: "counted" }, h("small", { id: "by-grade" }, t("grades")), h("div", { class: "group", role: "group", "aria-labelledby": "by-grade" }, ...tiles)),
    h("div", { class: "counted" }, h("small", { id: "by-severity" }, t("sites_by_severity")), h("div", { class: "group", role: "group", "aria-labelledby": "by-severity" }, ...chips)),
    h("div", { class: "group plain" }, h("p", {}, h("small", {}, t("requirement")),
      h("span", {}, t("requirement_counts", { met: number(requirement.get(true) || 0), not: number(requirement.get(false) || 0), open: number(requirement.get(null) || 0) })))));
}

function drawSite(row, at) {
  const get = (id) => SITES.get(id, row), score = get("score");
  return h("div", { class: "site" },
    h("span", { class: "no" }, number(get("rank"))), siteIcon(row, 30),
    h("span", { class: "body" }, h("b", {}, name(shortened(get("name") || get("site_id"), 60))),
      h("span", { class: "line" }, severityIcon(get("severity"), 12), h("span", {}, levelWords(row)), h("small", {}, name([get("city"), get("county")].filter(Boolean).join(" "))))),
    h("span", { class: "score num" }, Number.isNaN(score) ? "–" : number(score), h("small", {}, Number.isNaN(score) ? "" : `/ ${number(get("full_marks"))}`)));
}
