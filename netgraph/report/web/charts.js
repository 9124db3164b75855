// Charts as inline SVG: grades by city and tier, levels, and the causes that hurt most (Pareto).

const CHART_FONT = 12;
function countBy(column) {
  const counts = new Map(), values = SITES.col(column), grades = SITES.col("grade");
  for (const row of state.rows) {
    const key = values.at(row);
    if (!counts.has(key)) counts.set(key, {});
    const own = counts.get(key), grade = grades.at(row);
    own[grade] = (own[grade] || 0) + 1;
  }
  return counts;
}
const say = (x, y, text, attributes) => svg("text", { x, y, "font-size": CHART_FONT, fill: "#333", ...attributes }, text);
function chart(title, width, height, parts, note) {
  return h("figure", {}, h("figcaption", {}, h("b", {}, title), note ? h("small", {}, note) : ""),
    svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title, class: "chart" }, ...parts));
}

// One bar a row, cut by grade; each piece says its letter and count where it is wide enough.
function gradeBars(title, column, group, most = 16) {
  const counts = [...countBy(column)], weight = ([, own]) => (own.poor || 0) * 2 + (own.fair || 0), sum = ([, own]) => Object.values(own).reduce((a, b) => a + b, 0);
  const order = group ? orderOf()[group] : null;
  counts.sort((p, q) => (order ? order.get(p[0]) - order.get(q[0]) : weight(q) / sum(q) - weight(p) / sum(p)) || (p[0] < q[0] ? -1 : 1));
  const rows = counts.slice(0, most), left = 92, width = 520, bar = 20, gap = 7, room = width - left - 54;
  const parts = rows.flatMap(([key, own], i) => {
    const y = 4 + i * (bar + gap), all = sum([key, own]);
    let x = left;
    const pieces = ["excellent", "good", "fair", "poor", ""].flatMap((grade) => {
      if (!own[grade]) return [];
      const wide = (own[grade] / all) * room, at = x;
      x += wide;
      const text = `${gradeLetter(grade)} ${number(own[grade])}`;
      return [svg("rect", { x: at, y, width: Math.max(0, wide - 1), height: bar, fill: GRADE_COLOURS[grade] }, svg("title", {}, `${label("grade", grade)} ${own[grade]}`)),
        wide > 11 + 7 * text.length ? say(at + wide / 2, y + 14, text, { fill: GRADE_INKS[grade] || "#fff", "text-anchor": "middle", "font-weight": 600 })
          : wide > 11 ? say(at + wide / 2, y + 14, gradeLetter(grade), { fill: GRADE_INKS[grade] || "#fff", "text-anchor": "middle", "font-weight": 600 }) : ""];
    });
    const words = group ? label(group, key) : key;
    return [say(left - 8, y + 14, shortened(words || t("not_recorded"), 9), { "text-anchor": "end" }), ...pieces, say(width - 48, y + 14, number(all), { fill: "#555" })];
  });
  const rest = counts.length - rows.length;
  return chart(title, width, 8 + rows.length * (bar + gap), parts.filter(Boolean), rest > 0 ? t("more_rows", { count: number(rest) }) : t("share_note"));
}
function levelBars() {
  const counts = [...countBy("recorded_level")].map(([level, own]) => [level, Object.values(own).reduce((a, b) => a + b, 0)]);
  counts.sort((p, q) => orderOf().level.get(p[0]) - orderOf().level.get(q[0]));
  const most = Math.max(1, ...counts.map((c) => c[1])), left = 132, width = 520, bar = 20, gap = 7;
  const good = new Set(["diverse", "separated"]), open = new Set(["undecidable", ""]);
  return chart(t("levels"), width, 8 + counts.length * (bar + gap), counts.flatMap(([level, count], i) => {
    const y = 4 + i * (bar + gap), wide = (count / most) * (width - left - 60);
    return [say(left - 8, y + 14, shortened(level ? label("level", level) : t("no_circuits"), state.lang === "zh" ? 10 : 18), { "text-anchor": "end" }),
      svg("rect", { x: left, y, width: Math.max(1, wide), height: bar, fill: good.has(level) ? "#009E73" : open.has(level) ? "#8C8C8C" : "#7A8CA0" }),
      say(left + wide + 6, y + 14, number(count))];
  }));
}
// Causes by the circuits that they hit, the largest first, with the share of all hazards so far.
function pareto() {
  const rows = rowsOf("causes").filter((i) => TABLES.causes.get("severity", i) !== "info");
  const weight = (i) => TABLES.causes.get("circuits", i);
  rows.sort((p, q) => weight(q) - weight(p) || p - q);
  const all = rows.reduce((s, i) => s + weight(i), 0), shown = rows.slice(0, 15), width = 520, left = 208, bar = 18, gap = 6;
  const most = Math.max(1, ...shown.map(weight)), room = width - left - 84;
  let sum = 0;
  const points = [], parts = [], counts = [];
  shown.forEach((i, k) => {
    const y = 18 + k * (bar + gap), severity = TABLES.causes.get("severity", i), wide = (weight(i) / most) * room;
    sum += weight(i);
    const from = TABLES.causes.get("from_place", i), to = TABLES.causes.get("to_place", i);
    const words = [...new Set([from, to].filter((p) => p >= 0).map((p) => PLACES.label(p)))].join(" – ");
    const mark = svg("g", { transform: `translate(${left - 14} ${y + 9}) scale(6)` }, svg("path", { d: SHAPES[severity], fill: SEVERITY_COLOURS[severity], stroke: "#222", "stroke-width": ".15" }));
    parts.push(say(left - 26, y + 13, shortened(words, 16), { "text-anchor": "end", "font-size": 11 }), mark,
      svg("rect", { x: left, y, width: Math.max(1, wide), height: bar, fill: "#7A8CA0" }, svg("title", {}, `${label("kind", TABLES.causes.get("kind", i))} ${words}`)));
    counts.push(say(left + wide + 5, y + 13, number(weight(i)), { class: "over" }));
    points.push([left + (sum / Math.max(1, all)) * room, y + bar / 2]);
  });
  if (points.length) {
    parts.push(svg("polyline", { points: points.map((p) => p.map((v) => v.toFixed(1)).join(",")).join(" "), fill: "none", stroke: "#D55E00", "stroke-width": 1.6 }),
      ...points.map(([x, y]) => svg("circle", { cx: x, cy: y, r: 2.6, fill: "#fff", stroke: "#D55E00", "stroke-width": 1.4 })),
      say(width - 44, points[points.length - 1][1] + 4, `${number((100 * sum) / Math.max(1, all))} %`, { fill: "#B34700", "font-weight": 600 }));
  }
  return chart(t("pareto"), width, 26 + shown.length * (bar + gap), [...parts, ...counts], t("pareto_note", { count: number(rows.length) }));
}
const allCharts = () => [gradeBars(t("by_city"), "city"), gradeBars(t("by_tier"), "tier", "tier"), levelBars(), pareto()];
function showCharts() {
  openTable = { table: "charts", renew: () => $("panel").replaceChildren(h("div", { class: "charts" }, ...allCharts())) };
  openTable.renew();
}
