// Words, numbers and small elements.

const FALLBACK = { zh: "en", en: "zh" };
function t(id, values) {
  let text = DATA.words[state.lang].web[id] ?? id;
  if (values) for (const [name, value] of Object.entries(values)) text = text.split(`{${name}}`).join(value);
  return text;
}
const many = (id, count) => t(count === 1 && DATA.words[state.lang].web[`${id}_one`] ? `${id}_one` : id, { count: number(count) });
// Values that the words have places for follow the id after colons, as in "ring_long:10:8".
function label(group, id) {
  const known = DATA.words[state.lang][group] || {}, [word, ...values] = known[id] === undefined ? String(id).split(":") : [id];
  return known[word]?.replace(/\{(\d+)\}/g, (_, place) => values[place]) ?? id;
}
const labels = (group, ids) => ids.split(";").filter(Boolean).map((id) => label(group, id));
const idsOf = (group) => Object.keys(DATA.words.en[group] || {});
const orderOf = lazy(() => {
  const order = {};
  for (const group of Object.keys(DATA.words.en)) order[group] = new Map(idsOf(group).map((id, i) => [id, i]));
  return order;
});

const formats = new Map();
function number(value, decimals = 0) {
  if (value === null || Number.isNaN(value)) return "";
  const key = `${state.lang}${decimals}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(state.lang === "zh" ? "zh-CN" : "en-GB", { maximumFractionDigits: decimals }));
  }
  return formats.get(key).format(value);
}
const percent = (value) => (Number.isNaN(value) ? "" : `${number(value * 100)} %`);
function metres(value) {
  if (Number.isNaN(value)) return "";
  return value >= 10000 ? `${number(value / 1000, 1)} ${t("km")}` : `${number(value)} ${t("m")}`;
}
const truth = (value) => t(value === null ? "unknown" : value ? "yes" : "no");
const colon = () => (state.lang === "zh" ? "：" : ": ");
const listed = (names) => names.join(state.lang === "zh" ? "、" : ", ");
function shortened(text, most = 60) {
  const letters = Array.from(text.length > most * 2 ? text.slice(0, most * 2) : text);
  return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : text;
}

// An element; text always goes in as text.
function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || (value === false && !name.startsWith("aria-"))) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}
// Puts new children into a box; what had the focus keeps it, by its place among the buttons.
function renew(box, ...children) {
  const reachable = () => [...box.querySelectorAll("button, input, summary")];
  const at = box.contains(document.activeElement) ? reachable().indexOf(document.activeElement) : -1;
  box.replaceChildren(...children.filter((child) => child !== ""));
  if (at >= 0) reachable()[at]?.focus({ preventScroll: true });
}
const name = (text, properties) => h("bdi", { dir: "auto", ...properties }, text);
const $ = (id) => document.getElementById(id);

// Shapes, in a box from -1 to 1; the map draws the same paths.
function star() {
  const points = [];
  for (let i = 0; i < 10; i++) {
    const r = i % 2 ? 0.62 : 1.36, a = (i * Math.PI) / 5;
    points.push(`${(r * Math.sin(a)).toFixed(3)} ${(-r * Math.cos(a)).toFixed(3)}`);
  }
  return `M${points.join("L")}Z`;
}
const CIRCLE = "M-1 0A1 1 0 1 0 1 0A1 1 0 1 0 -1 0Z";
const SHAPES = {
  diamond: "M0 -1.2L1.2 0L0 1.2L-1.2 0Z", gold: star(), silver: CIRCLE,
  standard: "M-.55 0A.55 .55 0 1 0 .55 0A.55 .55 0 1 0 -.55 0Z",
  "": "M-.55 0A.55 .55 0 1 0 .55 0A.55 .55 0 1 0 -.55 0Z",
  red: "M-1 -.5L-.5 -1L0 -.5L.5 -1L1 -.5L.5 0L1 .5L.5 1L0 .5L-.5 1L-1 .5L-.5 0Z",
  orange: "M-1.1 -.85H1.1L0 1.05Z", yellow: "M-1 0L-.5 -.87H.5L1 0L.5 .87H-.5Z",
  blue: CIRCLE, info: "M-.6 0A.6 .6 0 1 0 .6 0A.6 .6 0 1 0 -.6 0Z",
  square: "M-.85 -.85H.85V.85H-.85Z",
};
const GRADE_COLOURS = { excellent: "#009E73", good: "#0072B2", fair: "#E69F00", poor: "#D55E00", "": "#8C8C8C" };
const GRADE_INKS = { fair: "#222222" };
const SEVERITY_COLOURS = { red: "#D55E00", orange: "#E69F00", yellow: "#F0E442", blue: "#0072B2", info: "#8C8C8C" };
const ROUTES = { working: "#0072B2", protect: "#E69F00", shared: "#D55E00", best: "#009E73", planned: "#009E73" };

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
function icon(shape, colour, letter, ink, size = 22) {
  const parts = [svg("path", { d: SHAPES[shape] ?? SHAPES[""], fill: colour, stroke: "#222", "stroke-width": ".09" })];
  if (letter) {
    parts.push(svg("text", {
      x: 0, y: letter === "?" ? 0.55 : 0.36, "text-anchor": "middle", "font-size": letter === "?" ? "1.6" : "1.05", "font-weight": "700", fill: ink || "#fff",
    }, letter));
  }
  return svg("svg", { viewBox: "-1.45 -1.45 2.9 2.9", width: size, height: size, "aria-hidden": "true" }, ...parts);
}
function siteIcon(row, size) {
  const grade = SITES.get("grade", row), tier = SITES.get("tier", row);
  const small = tier === "standard" || tier === "";
  return icon(small ? "silver" : tier, GRADE_COLOURS[grade], gradeLetter(grade), GRADE_INKS[grade], small ? size * 0.8 : size);
}
const gradeLetter = (grade) => (grade ? label("grade_letter", grade) : "–");
const severityIcon = (severity, size = 14) =>
  icon(severity, SEVERITY_COLOURS[severity], severity === "blue" ? "?" : "", "#fff", size);
function gradeBadge(grade, size) {
  return h("span", { class: `grade g-${grade || "none"} ${size || ""}`, title: label("grade", grade) }, gradeLetter(grade));
}
function levelWords(row) {
  const level = SITES.get("recorded_level", row);
  if (!level) return t("no_circuits");
  return label("level", level) + (SITES.get("level_complete", row) === false && level !== "undecidable" ? t("or_worse") : "");
}
