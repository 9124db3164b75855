// The tables under the map: they sort, filter and have any number of rows.

// Column: id, width in pixels, how to read a row. Kinds: word, text, flag, number, ratio, metres.
const plain = (table, id, width, kind) => {
  const own = () => TABLES[table].col(id);
  return { id, width, kind: () => kind || own().kind, group: () => own().group, decimals: () => own().decimals, raw: (i) => own().at(i) };
};
const made = (id, width, kind, raw, group) => ({ id, width, kind: () => kind, group: () => group, decimals: () => 0, raw });
const ofSite = (table, id, width) => made(id === "name" ? "site_name" : id, width, SITES.col(id).kind, (i) => {
  const row = siteOf(table, i);
  return row < 0 ? "" : SITES.get(id, row);
}, SITES.col(id).group);
function siteOf(table, i) {
  if (table === "sites") return i;
  if (table === "circuits") return TABLES.circuits.get("site", i);
  if (table === "hazards") return TABLES.units.get("site", TABLES.hazards.get("unit", i));
  return -1;
}
const placeColumn = (table, id, width) => made(id, width, "text", (i) => {
  const place = TABLES[table].get(id, i);
  return place < 0 ? "" : PLACES.label(place);
});
const ofCause = (id, width, kind) => made(id, width, kind, (i) => TABLES.causes.get(id, TABLES.hazards.get("cause", i)), TABLES.causes.col(id).group);
const unitColumns = (table) => [
  plain(table, "sites", 80), plain(table, "circuits", 80),
  ...idsOf("grade").map((grade) => ({ ...plain(table, grade, 80), title: () => label("grade", grade) })),
  plain(table, "dual_route_ratio", 130), plain(table, "single_route", 120), plain(table, "undecidable", 130),
  ...["red", "orange", "yellow"].map((severity) => ({ ...plain(table, severity, 124), title: () => t("hazards_of", { severity: label("severity", severity) }) })),
];
const TABLE_COLUMNS = {
  sites: () => [
    plain("sites", "rank", 62), plain("sites", "name", 190), plain("sites", "site_id", 110),
    made("customer", 150, "text", (i) => customerName(SITES.get("customer_id", i))),
    plain("sites", "city", 84), plain("sites", "county", 84), plain("sites", "tier", 84), plain("sites", "severity", 84),
    plain("sites", "recorded_level", 124), plain("sites", "grade", 84), plain("sites", "score", 70, "number"),
    plain("sites", "ratio", 76), plain("sites", "grade_best", 92), plain("sites", "meets_requirement", 92),
    plain("sites", "claimed_route", 92), plain("sites", "claim_agrees", 92), plain("sites", "achievable_on_cables", 124),
    plain("sites", "achievable_on_spans", 124), plain("sites", "single_points", 96), plain("sites", "circuits", 76),
    plain("sites", "outage_minutes_year", 130), plain("sites", "unknown_items", 96),
  ],
  circuits: () => [
    plain("circuits", "circuit_id", 140), ofSite("circuits", "name", 170), ofSite("circuits", "site_id", 110),
    made("customer", 140, "text", (i) => customerName(TABLES.circuits.get("customer_id", i))),
    placeColumn("circuits", "b_place", 130), plain("circuits", "tier", 84), plain("circuits", "group_id", 110),
    plain("circuits", "group_level", 124), plain("circuits", "recorded_level", 124), plain("circuits", "level_complete", 96),
    plain("circuits", "logical_diverse", 96), plain("circuits", "plant_diverse", 96), plain("circuits", "physical_diverse", 96),
    plain("circuits", "shared_length_m", 110, "metres"), plain("circuits", "single_route_m", 110, "metres"),
    plain("circuits", "first_common_point", 120), plain("circuits", "distance_from_a_m", 110, "metres"),
    plain("circuits", "confidence", 96), plain("circuits", "missing_records", 240),
  ],
  hazards: () => [
    made("rank", 70, "number", (i) => i + 1), plain("hazards", "severity", 84), ofCause("kind", 110, "word"),
    placeColumn("hazards", "from_place", 150), placeColumn("hazards", "to_place", 150),
    ofSite("hazards", "name", 170), ofSite("hazards", "site_id", 110), ofSite("hazards", "city", 84), ofSite("hazards", "tier", 84),
    plain("hazards", "section", 120), plain("hazards", "shared_length_m", 110, "metres"),
    plain("hazards", "distance_from_a_m", 110, "metres"), plain("hazards", "elements", 220), plain("hazards", "hazard_id", 124),
  ].map((column) => (column.id.endsWith("_place") ? { ...column, raw: (i) => {
    const place = TABLES.causes.get(column.id, TABLES.hazards.get("cause", i));
    return place < 0 ? "" : PLACES.label(place);
  } } : column)),
  causes: () => [
    made("rank", 70, "number", (i) => i + 1), plain("causes", "severity", 84), plain("causes", "kind", 110),
    placeColumn("causes", "from_place", 170), placeColumn("causes", "to_place", 170), plain("causes", "length_m", 110, "metres"),
    plain("causes", "sites", 80), plain("causes", "circuits", 80), plain("causes", "customers", 90), plain("causes", "hazards", 80),
    plain("causes", "worst_tier", 90), plain("causes", "cause_id", 130),
  ],
  works: () => [
    plain("works", "priority", 70), plain("works", "kind", 150), made("served", 220, "text", (i) => workSites(i)), plain("works", "subject", 170),
    plain("works", "plant_m", 90, "metres"), plain("works", "cable_m", 100, "metres"), plain("works", "cost_yuan", 100),
    plain("works", "grade_before", 96), plain("works", "grade_after", 96), plain("works", "score_before", 80), plain("works", "score_after", 80),
    plain("works", "level_before", 110), plain("works", "level_after", 110), plain("works", "minutes_avoided", 150), plain("works", "circuits", 76),
    plain("works", "value", 110), plain("works", "reason", 190), made("constraints", 200, "text", (i) => listed(labels("work_constraint", TABLES.works.get("constraints", i)))),
    made("survey", 220, "text", (i) => listed(labels("survey_reason", TABLES.works.get("survey", i)))),
    plain("works", "work_id", 120),
  ],
  customers: () => [plain("customers", "name", 220), plain("customers", "customer_id", 120), ...unitColumns("customers")],
  cities: () => [plain("cities", "city", 130), ...unitColumns("cities")],
  counties: () => [plain("counties", "city", 110), plain("counties", "county", 110), ...unitColumns("counties")],
  findings: () => [
    plain("findings", "severity", 84), plain("findings", "rule", 76), plain("findings", "table", 150), plain("findings", "row_id", 150),
    made("message", 420, "text", (i) => TABLES.findings.get(`message_${state.lang}`, i)),
    made("hint", 460, "text", (i) => TABLES.findings.get(`hint_${state.lang}`, i)),
  ],
};
function workSites(work) {
  const rows = Array.from(sitesOfWork(work)), names = rows.slice(0, 3).map((row) => SITES.get("name", row) || SITES.get("site_id", row));
  return listed(names) + (rows.length > 3 ? ` +${rows.length - 3}` : "");
}
const columnsOf = {};
const tableColumns = (table) => (columnsOf[table] ??= TABLE_COLUMNS[table]());
const titleOf = (column) => (column.title ? column.title() : t(`col.${column.id}`));

function cellText(column, i) {
  const value = column.raw(i);
  switch (column.kind()) {
    case "word": return value ? label(column.group(), value) : "";
    case "flag": return value === null ? "" : truth(value);
    case "number": return number(value, column.decimals());
    case "ratio": return percent(value);
    case "metres": return metres(value);
    default: return value;
  }
}
function cell(column, i) {
  const value = column.raw(i), text = cellText(column, i), kind = column.kind();
  const isNumber = kind === "number" || kind === "ratio" || kind === "metres";
  const element = h("span", { class: isNumber ? "cell num" : "cell", role: "gridcell", title: text.length > 18 ? shortened(text, 400) : null });
  if (kind === "word" && column.group() === "severity" && value) element.append(severityIcon(value), " ", text);
  else if (kind === "word" && column.group() === "grade" && value) element.append(gradeBadge(value), " ", text);
  else element.append(name(shortened(text, 160)));
  return element;
}

const tableState = {};
const stateOf = (table) => (tableState[table] ??= { sort: "", down: false, find: "", hay: null });

function sortedRows(table, rows) {
  const own = stateOf(table), column = tableColumns(table).find((each) => each.id === own.sort);
  if (!column) return rows;
  const kind = column.kind(), sign = own.down ? -1 : 1;
  const order = kind === "word" ? orderOf()[column.group()] : null, words = kind === "text" ? new Intl.Collator(state.lang, { numeric: true }) : null;
  const keys = new Map();
  for (const row of rows) {
    const value = column.raw(row);
    const missing = value === "" || value === null || (typeof value === "number" && Number.isNaN(value));
    keys.set(row, missing ? undefined : order ? order.get(value) ?? 99 : value);
  }
  return Array.from(rows).sort((p, q) => {
    const a = keys.get(p), b = keys.get(q);
    if (a === undefined || b === undefined) return a === b ? p - q : a === undefined ? 1 : -1;
    return (words ? words.compare(a, b) : a - b) * sign || p - q;
  });
}
function hayOf(table) {
  const own = stateOf(table);
  if (!own.hay || own.hayLang !== state.lang) {
    const columns = tableColumns(table).filter((column) => column.kind() === "text" || column.kind() === "word");
    own.hay = Array.from({ length: TABLES[table].length }, (_, i) => columns.map((column) => cellText(column, i)).join("\n").toLowerCase());
    own.hayLang = state.lang;
  }
  return own.hay;
}
// Rows of a table under the filters of the page and of the table.
function rowsOf(table) {
  const own = stateOf(table), size = TABLES[table].length;
  let rows = [];
  const isNarrow = state.rows.length < SITE_COUNT;
  if (table === "sites") rows = Array.from(state.rows);
  else if (isNarrow && (table === "circuits" || table === "hazards")) {
    for (let i = 0; i < size; i++) { const site = siteOf(table, i); if (site >= 0 && state.shown[site]) rows.push(i); }
  } else if (isNarrow && table === "causes") {
    const seen = new Uint8Array(size), hazards = TABLES.hazards;
    for (let i = 0; i < hazards.length; i++) { const site = siteOf("hazards", i); if (site >= 0 && state.shown[site]) seen[hazards.get("cause", i)] = 1; }
    for (let i = 0; i < size; i++) if (seen[i]) rows.push(i);
  } else if (isNarrow && table === "works") {
    for (let i = 0; i < size; i++) if (sitesOfWork(i).some((row) => state.shown[row])) rows.push(i);
  } else rows = Array.from({ length: size }, (_, i) => i);
  const find = own.find.trim().toLowerCase();
  if (find) { const hay = hayOf(table); rows = rows.filter((i) => hay[i].includes(find)); }
  return sortedRows(table, rows);
}

let openTable = null;
function showTable(table) {
  const panel = $("panel"), columns = tableColumns(table), own = stateOf(table);
  const widths = columns.map((column) => `${column.width}px`).join(" "), whole = columns.reduce((sum, column) => sum + column.width, 0);
  const head = h("div", { class: "head", role: "row" });
  const size = h("span", { class: "count", role: "status" });
  for (const column of columns) {
    const isNumber = ["number", "ratio", "metres"].includes(column.kind());
    const button = h("button", { type: "button", class: isNumber ? "num" : "", title: titleOf(column), onclick: () => {
      if (own.sort === column.id) { if (own.down) { own.sort = ""; own.down = false; } else own.down = true; }
      else { own.sort = column.id; own.down = false; }
      renew();
    } });
    head.append(h("span", { role: "columnheader" }, button));
    column.button = button;
  }
  const find = h("input", { type: "search", value: own.find, placeholder: t("find_in_table"), "aria-label": t("find_in_table"), oninput: () => {
    own.find = find.value;
    renew();
  } });
  const box = h("div", { class: "table", role: "grid", "aria-label": t(`tab.${table}`) });
  head.style.gridTemplateColumns = widths;
  head.style.width = `${whole}px`;
  const list = new VirtualList(box, {
    rowHeight: 28, role: "row", head, choose: (row) => chooseRow(table, row),
    draw: (row) => {
      const element = h("div", { class: "row" }, ...columns.map((column) => cell(column, row)));
      element.style.gridTemplateColumns = widths;
      element.style.width = `${whole}px`;
      return element;
    },
  });
  list.body.style.width = `${whole}px`;
  function renew() {
    const rows = rowsOf(table);
    for (const column of columns) {
      const isSorted = own.sort === column.id;
      column.button.textContent = titleOf(column) + (isSorted ? (own.down ? " ▼" : " ▲") : "");
      column.button.parentNode.setAttribute("aria-sort", isSorted ? (own.down ? "descending" : "ascending") : "none");
    }
    const left = HEAD.leftOut[table];
    size.textContent = t("rows_of", { shown: number(rows.length), all: number(TABLES[table].length) }) + (left ? ` · ${t("left_out", { count: number(left), table })}` : "");
    list.set(rows);
    if (table === "sites") list.mark(state.site, false);
    writeHash();
  }
  panel.replaceChildren(h("div", { class: "tools" }, find, size), box);
  openTable = { table, renew, list };
  renew();
}

function chooseRow(table, row) {
  if (table === "sites" || table === "circuits" || table === "hazards") {
    const site = siteOf(table, row);
    if (site < 0) return;
    chooseSite(site, { circuit: table === "circuits" ? row : -1 });
    if (table === "hazards") focusHazard(row);
  } else if (table === "causes") {
    const ends = [TABLES.causes.get("from_place", row), TABLES.causes.get("to_place", row)].filter((p) => p >= 0);
    state.focus = ends;
    cam.fit(boxOf(ends.map((p) => PLACES.x[p]), ends.map((p) => PLACES.y[p])), 0.6, 0.3);
    stateOf("hazards").find = "";
    const cause = TABLES.hazards.col("cause");
    let first = -1;
    for (let i = 0; i < cause.length && first < 0; i++) if (cause.at(i) === row && siteOf("hazards", i) >= 0) first = i;
    if (first >= 0) { chooseSite(siteOf("hazards", first), { fit: false }); focusHazard(first); }
  } else if (table === "works") {
    const sites = sitesOfWork(row);
    if (sites.length === 1) chooseSite(sites[0], { fit: false });
    focusWork(row);
  } else if (table === "customers") setFilters({ customer: TABLES.customers.get("customer_id", row) });
  else if (table === "cities") setFilters({ city: TABLES.cities.get("city", row), county: "" });
  else if (table === "counties") setFilters({ city: TABLES.counties.get("city", row), county: TABLES.counties.get("county", row) });
  repaint(true);
}
