// The works of a plan: whom each serves, where it runs, how it is drawn.

const WORK_STYLES = {
  re_patch: { width: 2, dash: [2, 3] }, new_cable: { width: 3, dash: [9, 4] }, duct: { width: 5.5, dash: [10, 5] },
  pole_line: { width: 5.5, dash: [12, 4, 2, 4] }, buried: { width: 5.5, dash: [4, 4] }, other_plant: { width: 5.5, dash: [14, 7] },
};
const CROSS = "M-1.5 -4.5H1.5V-1.5H4.5V1.5H1.5V4.5H-1.5V1.5H-4.5V-1.5H-1.5Z", MARK_COLOUR = "#7BE0BD";
const NEW_PLANT = new Set(["duct", "pole_line", "buried", "other_plant"]);

const WORKS = lazy(() => {
  const packed = DATA.works;
  if (!packed) return null;
  const counts = unpack(packed.n), lon = unpackSteps(packed.x), lat = unpackSteps(packed.y);
  const x = new Float64Array(lon.length), y = new Float64Array(lon.length);
  for (let i = 0; i < lon.length; i++) {
    x[i] = EARTH * lon[i] * UNIT - ORIGIN.x;
    y[i] = mercatorY(lat[i]) - ORIGIN.y;
  }
  const sites = unpackRows(packed.sites), work = unpack(packed.work), linesOf = new Map();
  work.forEach((each, line) => { if (!linesOf.has(each)) linesOf.set(each, []); linesOf.get(each).push(line); });
  const ofSite = new Map();
  for (let each = 0; each < TABLES.works.length; each++) {
    for (const row of rowOf(sites, each)) { if (!ofSite.has(row)) ofSite.set(row, []); ofSite.get(row).push(each); }
  }
  return { ptr: starts(counts), x, y, part: unpackWords(packed.part), sites, linesOf, ofSite, size: work.length };
});
const worksOf = (row) => WORKS()?.ofSite.get(row) || [];
const sitesOfWork = (work) => rowOf(WORKS().sites, work);

// What is worth saying of a work in one line.
function workFacts(work) {
  const get = (id) => TABLES.works.get(id, work), known = (id) => !Number.isNaN(get(id));
  return [
    known("plant_m") ? t("new_plant_m", { metres: metres(get("plant_m")) }) : "",
    known("cable_m") ? t("new_cable_m", { metres: metres(get("cable_m")) }) : "",
    known("cost_yuan") ? `${number(get("cost_yuan"))} ${t("yuan")}` : t("no_price"),
    get("minutes_avoided") >= 0.5 ? t("minutes_avoided", { minutes: number(get("minutes_avoided"), 3) }) : "",
    get("sites") > 1 ? t("shared_by", { count: number(get("sites")) }) : "",
    ...labels("work_constraint", get("constraints")),
    ...labels("survey_reason", get("survey")),
  ].filter(Boolean);
}

function workBoxOnMap(work) {
  const works = WORKS(), xs = [], ys = [];
  for (const line of works.linesOf.get(work) || []) {
    for (let v = works.ptr[line]; v < works.ptr[line + 1]; v++) { xs.push(works.x[v]); ys.push(works.y[v]); }
  }
  if (!xs.length) for (const row of sitesOfWork(work)) { xs.push(siteX(row)); ys.push(siteY(row)); }
  return xs.length ? boxOf(xs, ys) : null;
}
function focusWork(work) {
  const box = workBoxOnMap(work);
  if (box) cam.fit(box, 0.6, 0.3);
  repaint();
}

// Lines of the works, new plant on top; of the chosen site's works only with `chosen`.
function drawWorks(pen, view, chosen) {
  const works = WORKS();
  if (!works) return;
  const byPart = new Map(Object.keys(WORK_STYLES).map((part) => [part, []]));
  const add = (line) => byPart.get(works.part.at(line))?.push(line);
  if (chosen) for (const work of chosen) (works.linesOf.get(work) || []).forEach(add);
  else for (let line = 0; line < works.size; line++) add(line);
  const scale = chosen ? 1 : view.k > 0.002 ? 0.8 : 0.55;
  pen.lineCap = "butt";
  pen.lineJoin = "round";
  for (const [part, lines] of byPart) {
    if (!lines.length) continue;
    const style = WORK_STYLES[part];
    pen.strokeStyle = ROUTES.planned;
    pen.lineWidth = style.width * scale;
    pen.setLineDash(style.dash.map((each) => each * scale));
    pen.beginPath();
    for (const line of lines) {
      for (let v = works.ptr[line]; v < works.ptr[line + 1]; v++) {
        const sx = view.sx(works.x[v]), sy = view.sy(works.y[v]);
        if (v === works.ptr[line]) pen.moveTo(sx, sy); else pen.lineTo(sx, sy);
      }
    }
    pen.stroke();
  }
  pen.setLineDash([]);
}
// From afar new plant is too short for a line to be seen: a cross says where it is.
function drawNewPlantMarks(pen, view) {
  const works = WORKS();
  if (!works || view.k > 0.004) return;
  const path = new Path2D(CROSS);
  for (let line = 0; line < works.size; line++) {
    if (!NEW_PLANT.has(works.part.at(line))) continue;
    const v = (works.ptr[line] + works.ptr[line + 1] - 1) >> 1;
    pen.save();
    pen.translate(view.sx(works.x[v]), view.sy(works.y[v]));
    pen.strokeStyle = INK;
    pen.lineWidth = 2;
    pen.stroke(path);
    pen.fillStyle = MARK_COLOUR;
    pen.fill(path);
    pen.restore();
  }
}
function workLegend() {
  const works = WORKS();
  if (!works) return [];
  const used = new Set(Array.from({ length: works.size }, (_, line) => works.part.at(line)));
  const rows = Object.keys(WORK_STYLES).filter((part) => used.has(part)).reverse().map((part) => {
    const { width, dash } = WORK_STYLES[part];
    return h("li", {}, svg("svg", { width: 28, height: 10, "aria-hidden": "true" }, svg("line", {
      x1: 0, y1: 5, x2: 28, y2: 5, stroke: ROUTES.planned, "stroke-width": width * 0.8, "stroke-dasharray": dash.map((each) => each * 0.8).join(" "),
    })), h("span", {}, label("work_part", part)));
  });
  if ([...used].some((part) => NEW_PLANT.has(part))) {
    const cross = svg("svg", { viewBox: "-6 -6 12 12", width: 14, height: 14, "aria-hidden": "true" }, svg("path", { d: CROSS, fill: MARK_COLOUR, stroke: INK, "stroke-width": 1 }));
    rows.push(h("li", {}, cross, h("span", {}, t("new_plant_here"))));
  }
  return rows.length ? [h("h4", {}, t("tab.works")), h("ul", {}, ...rows)] : [];
}
