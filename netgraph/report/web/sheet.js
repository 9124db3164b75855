// The sheet of the chosen site: verdict, routes, hazards, what could be better, score with evidence.

const RESULT_SIGNS = { p: "✓", f: "✕", u: "?", n: "–" };
const RESULT_IDS = { p: "pass", f: "fail", u: "unknown", n: "not_applicable" };
const MOST_SHOWN = 8;

const SCORES = lazy(() => {
  const packed = DATA.scores, size = packed.items.length, used = unpack(packed.used), more = unpack(packed.more);
  const first = new Int32Array(SITE_COUNT + 1);
  for (let row = 0; row < SITE_COUNT; row++) {
    let count = 0;
    for (let i = 0; i < size; i++) if (packed.results[row * size + i] !== "-") count++;
    first[row + 1] = first[row] + count;
  }
  return { size, used, more, first, rows: unpackStrings(packed.rows), lists: unpackRows(packed.lists), results: packed.results };
});
function itemsOf(row) {
  const scores = SCORES(), found = [];
  let at = scores.first[row];
  DATA.scores.items.forEach((item, i) => {
    const result = scores.results[row * scores.size + i];
    if (result === "-") return;
    const evidence = Array.from(rowOf(scores.lists, scores.used[at]), (e) => scores.rows[e]);
    found.push({ ...item, result, evidence, more: scores.more[at], marks: item.points[SITES.get("tier", row)] || 0 });
    at++;
  });
  return found;
}

const fact = (title, value, note) => h("div", { class: "fact" }, h("dt", {}, title), h("dd", {}, value, note ? h("small", {}, note) : ""));
const section = (title, ...children) => h("section", {}, h("h3", {}, title), ...children);
function moreOf(items, make, most = MOST_SHOWN) {
  const box = h("div", {}, ...items.slice(0, most).map(make));
  if (items.length > most) {
    const rest = h("button", { type: "button", class: "link", onclick: () => { rest.remove(); box.append(...items.slice(most).map((item, i) => make(item, most + i))); } },
      t("show_more", { count: number(items.length - most) }));
    box.append(rest);
  }
  return box;
}
const elementName = (element) => h("span", {}, `${label("element", element.kind)} `, name(shortened(element.name, 60)));

function showSheet() {
  const sheet = $("sheet"), row = state.site, isSame = sheet.dataset.row === String(row), top = sheet.scrollTop;
  document.body.classList.toggle("picked", row >= 0);
  sheet.hidden = row < 0;
  if (row < 0) { sheet.replaceChildren(); return; }
  const get = (id) => SITES.get(id, row);
  sheet.setAttribute("aria-label", t("sheet_of", { site: shortened(get("name") || get("site_id")) }));
  sheet.dataset.row = row;
  renew(sheet,
    sheetHead(row, get), verdictBox(row, get), figures(row, get),
    ...(picked.units.length ? [routeBox(row)] : []), hazardBox(), unavoidableBox(row), betterBox(row, get), workBox(row), scoreBox(row, get),
  );
  sheet.scrollTop = isSame ? top : 0;
}

function sheetHead(row, get) {
  const at = state.rows.indexOf(row);
  const step = (by, words, sign) => h("button", {
    type: "button", title: words, "aria-label": words, disabled: at < 0 || state.rows[at + by] === undefined,
    onclick: () => chooseSite(state.rows[at + by]),
  }, sign);
  return h("header", {},
    h("div", { class: "bar" },
      h("span", { class: "rank" }, t("rank_of", { rank: number(get("rank")), all: number(SITE_COUNT) })),
      step(-1, t("previous"), "‹"), step(1, t("next"), "›"),
      h("button", { type: "button", id: "close", title: `${t("close")} (Esc)`, "aria-label": t("close"), onclick: () => chooseSite(-1) }, "✕")),
    h("h2", { tabindex: "-1" }, siteIcon(row, 28), name(get("name") || get("site_id"))),
    h("p", { class: "muted" }, ...[get("site_id"), customerName(get("customer_id")), [get("city"), get("county")].filter(Boolean).join(" "),
      label("tier", get("tier"))].filter(Boolean).flatMap((text, i) => [i ? " · " : "", name(text)])));
}

function verdictBox(row, get) {
  const severity = get("severity"), meets = get("meets_requirement"), required = get("required_level");
  const lines = [];
  if (required) lines.push(t(meets === null ? "requirement_open" : meets ? "requirement_met" : "requirement_not_met", { level: label("level", required) }));
  else lines.push(t("requirement_none"));
  if (get("claimed_route")) {
    const agrees = get("claim_agrees");
    lines.push(t(agrees === null ? "claim_open" : agrees ? "claim_agrees" : "claim_differs", { claim: label("claimed_route", get("claimed_route")) }));
  }
  const sentences = picked.units.map((unit) => {
    const units = TABLES.units, missing = units.get(`missing_${state.lang}`, unit);
    const notes = [];
    if (units.get("is_derived", unit)) notes.push(t("derived"));
    if (missing) notes.push(t("missing", { records: shortened(missing, 240) }));
    return h("p", {}, picked.units.length > 1 ? h("b", {}, name(shortened(units.get("name", unit), 40)), colon()) : "",
      name(shortened(units.get(`reason_${state.lang}`, unit), 500)), notes.length ? h("small", {}, notes.join(" ")) : "");
  });
  return h("div", { class: `verdict s-${severity}` },
    h("p", { class: "level" }, severityIcon(severity, 18), h("b", {}, levelWords(row)), h("span", {}, label("severity", severity))),
    ...sentences, h("p", { class: "muted" }, lines.join(" · ")));
}

function figures(row, get) {
  const score = get("score"), minutes = get("outage_minutes_year"), target = get("target_minutes_year");
  const points = get("single_points");
  return h("dl", { class: "facts" },
    fact(t("score"), Number.isNaN(score) ? "–" : `${number(score, 1)} / ${number(get("full_marks"))}`,
      get("provisional") ? t("up_to", { score: number(get("score_best"), 1) }) : ""),
    fact(t("grade"), h("span", {}, gradeBadge(get("grade")), ` ${label("grade", get("grade")) || t("no_grade")}`),
      get("provisional") ? `~ ${label("grade", get("grade_best"))}` : ""),
    fact(t("outage"), Number.isNaN(minutes) ? "–" : t("minutes_year", { minutes: number(minutes, 3) }),
      Number.isNaN(target) ? "" : t("target", { minutes: number(target) })),
    fact(t("col.single_points"), Number.isNaN(points) ? "–" : number(points), ""));
}

function routeBox(row) {
  const circuits = Array.from(rowOf(circuitsOfSite(), row));
  const choose = (circuit) => () => { state.circuit = circuit; pickRoutes(); showSheet(); cam.fit(pickedBox()); repaint(true); };
  const buttons = circuits.length > 1
    ? [-1, ...circuits.slice(0, 12)].map((circuit) => h("button", { type: "button", class: "chip", "aria-pressed": state.circuit === circuit, onclick: choose(circuit) },
      circuit < 0 ? t("all_circuits") : name(shortened(TABLES.circuits.get("circuit_id", circuit), 24))))
    : [];
  const shown = state.circuit >= 0 ? [state.circuit] : circuits.slice(0, 4);
  const tables = ROUTE_TABLES(), ways = [];
  for (const circuit of shown) {
    for (const route of rowOf(tables.ofCircuit, circuit)) {
      const isProtect = tables.protect.has(route), stops = stopsOf(route, sitePlace(row));
      const names = stops.slice(1).map((place) => PLACES.label(place));
      const via = names.length > 9 ? [...names.slice(0, 5), "…", ...names.slice(-3)] : names;
      ways.push(h("p", { class: "way" }, h("i", { class: `stroke ${isProtect ? "protect" : "working"}` }),
        h("b", {}, label("part", isProtect ? "protect" : "working")), " ",
        shown.length > 1 ? h("small", {}, name(shortened(TABLES.circuits.get("circuit_id", circuit), 24)), " ") : "",
        name(via.length ? via.map((each) => shortened(each, 24)).join(" › ") : t("not_recorded"))));
    }
  }
  const levels = ["access_a", "uplink", "intra_province", "inter_province", "access_b"]
    .map((part) => [part, TABLES.units.get(`level_${part}`, picked.unit)]).filter(([, level]) => level);
  const { shared } = picked.routes;
  return section(t("routes"), buttons.length ? h("div", { class: "chips" }, ...buttons) : "", ...ways,
    shared.length ? h("p", { class: "way" }, h("i", { class: "stroke shared" }), h("b", {}, label("part", "shared"))) : "",
    levels.length ? h("p", { class: "sections" }, ...levels.map(([part, level]) => h("span", {}, h("small", {}, label("section", part)), label("level", level)))) : "",
    h("div", { class: "chips" },
      h("button", { type: "button", class: "chip", onclick: () => { cam.fit(pickedBox()); repaint(); } }, t("fit_routes")),
      shared.length ? h("button", { type: "button", class: "chip", onclick: () => { cam.fit(piecesBox(shared), 0.7); repaint(); } }, t("fit_shared")) : ""));
}

function focusHazard(hazard) {
  const { from, to, isWhole } = hazardPlaces(hazard);
  if (isWhole) cam.fit(pickedBox());
  else {
    const ends = [from, to].filter((p) => p >= 0 && !Number.isNaN(PLACES.x[p]));
    if (ends.length) cam.fit(boxOf(ends.map((p) => PLACES.x[p]), ends.map((p) => PLACES.y[p])), 0.55, 0.3);
  }
  repaint();
}
function hazardBox() {
  if (!picked.hazards.length) return section(t("hazards"), h("p", { class: "muted" }, t("no_hazards")));
  const hazards = TABLES.hazards;
  return section(`${t("hazards")} (${picked.hazards.length})`, moreOf(picked.hazards, (hazard, i) => {
    const { kind, from, to } = hazardPlaces(hazard);
    const places = [...new Set([from, to].filter((p) => p >= 0).map((p) => shortened(PLACES.label(p), 30)))];
    const long = hazards.get("shared_length_m", hazard), at = hazards.get("distance_from_a_m", hazard);
    return h("button", { type: "button", class: "item", onclick: () => focusHazard(hazard) },
      h("span", { class: "no" }, String(i + 1)), severityIcon(hazards.get("severity", hazard), 16),
      h("span", { class: "body" }, h("b", {}, label("kind", kind)), " ", name(places.join(" – ")),
        h("small", {}, [long > 0 ? metres(long) : "", at > 0 ? t("from_site", { metres: metres(at) }) : "", label("section", hazards.get("section", hazard)),
          shortened(hazards.get("elements", hazard), 80)].filter(Boolean).join(" · "))));
  }));
}
function unavoidableBox(row) {
  const best = BEST("spans");
  const words = !best.connected(row) ? t("not_connected") : best.level.at(row) === "unproven" ? t("unproven") : t("none_unavoidable");
  if (!picked.unavoidable.length) return section(t("unavoidable"), h("p", { class: "muted" }, words));
  return section(`${t("unavoidable")} (${picked.unavoidable.length})`, h("p", { class: "muted" }, t("unavoidable_note")),
    moreOf(picked.unavoidable, (element) => {
      const point = elementPoint(element);
      return h("button", { type: "button", class: "item", disabled: !point || Number.isNaN(point[0]), onclick: () => {
        cam.fit([point[0], point[1], point[0], point[1]], 1, 0.1);
        repaint();
      } }, icon("red", INK, "", "", 15), h("span", { class: "body" }, elementName(element)));
    }, 5));
}

function betterBox(row, get) {
  const rank = orderOf().level, today = get("recorded_level");
  const block = (layer) => {
    const best = BEST(layer), level = best.level.at(row), lines = [];
    if (!level) return "";
    const isOpen = level === "unproven" || level === "undecidable" || today === "undecidable";
    if (!best.connected(row)) lines.push(t(level === "unproven" ? "unproven" : "not_connected"));
    else {
      if (!isOpen) lines.push(t(rank.get(level) > rank.get(today) ? "better" : "no_better"));
      const shared = Array.from(rowOf(best.shared, row), (element) => ELEMENTS().find(element));
      if (shared.length) {
        const names = shared.slice(0, 5).map((e) => `${label("element", e.kind)} ${shortened(e.name, 40)}`);
        lines.push(t("still_shares", { things: listed(names) + (shared.length > 5 ? ` +${shared.length - 5}` : "") }));
      } else if (!isOpen) lines.push(t("shares_nothing"));
      if (best.otherwise(row) && shared.length) lines.push(t("otherwise"));
    }
    const total = best.total.at ? best.total[row] : NaN;
    return h("div", { class: "option" }, h("b", {}, t(`layer_${layer}`)), h("span", { class: "to" }, label("level", level)),
      h("small", {}, lines.join(" "), total > 0 ? ` ${t(get(`shortest_on_${layer}`) ? "both_routes" : "both_routes_open", { metres: metres(total) })}` : ""),
      best.connected(row) ? h("button", { type: "button", class: "chip", "aria-pressed": state.best === layer, onclick: () => {
        state.best = state.best === layer ? "" : layer;
        pickRoutes();
        showSheet();
        if (state.best) cam.fit(pickedBox());
        repaint();
      } }, t("show_on_map")) : "");
  };
  return section(t("alternative"), block("cables"), block("spans"));
}
function workBox(row) {
  if (!DATA.works) return "";
  const works = worksOf(row), table = TABLES.works;
  if (!works.length) return section(t("works"), h("p", { class: "muted" }, t("no_works")));
  const change = (work) => ["before", "after"].map((side) => gradeBadge(table.get(`grade_${side}`, work)));
  return section(`${t("works")} (${works.length})`,
    moreOf(works, (work) => h("button", { type: "button", class: "item", "data-work": table.get("work_id", work), onclick: () => focusWork(work) },
      h("span", { class: "no" }, number(table.get("priority", work))),
      h("span", { class: "body" }, h("b", {}, label("upgrade_kind", table.get("kind", work))), " ", name(shortened(table.get("subject", work), 60)), " ",
        ...change(work).flatMap((badge, i) => (i ? [" → ", badge] : [badge])),
        h("small", {}, workFacts(work).join(" · "))))),
    h("p", { class: "muted" }, t("works_note", { level: label("price_level", DATA.works.priceLevel) })));
}

function scoreBox(row, get) {
  const items = itemsOf(row);
  if (!items.length) return "";
  const groups = Object.keys(DATA.scores.categories).map((category) => [category, items.filter((item) => item.category === category)]);
  return section(t("score_sheet"), h("p", { class: "muted" }, HEAD.scoreNote[state.lang]),
    ...groups.filter(([, own]) => own.length).map(([category, own]) => h("div", { class: "category" },
      h("h4", {}, h("span", {}, DATA.scores.categories[category][state.lang]),
        h("span", { class: "num" }, `${number(own.reduce((s, item) => s + (item.result === "p" ? item.marks : 0), 0))} / ${number(own.reduce((s, item) => s + (item.result === "n" ? 0 : item.marks), 0))}`)),
      ...own.map((item) => {
        const words = label("result", RESULT_IDS[item.result]);
        return h("details", { class: `score r-${item.result}` },
          h("summary", {}, h("span", { class: "sign", title: words, "aria-label": words }, RESULT_SIGNS[item.result]),
            h("span", { class: "words" }, h("small", {}, item.id), " ", item.words[state.lang]),
            h("span", { class: "num" }, item.result === "n" ? "–" : `${item.result === "p" ? item.marks : 0} / ${item.marks}`)),
          h("p", {}, `${words} · ${t("evidence")}${colon()}`, item.evidence.length ? name(item.evidence.map((e) => shortened(e, 60)).join(", ")) : t("no_evidence"),
            item.more ? ` +${number(item.more)}` : ""));
      }))));
}
