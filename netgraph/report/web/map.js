// The map: plant, offices, sites and names on one canvas, kept as a picture while it is moved.

const MEDIA = {
  duct: { colour: "#9AA5B1", width: 1, dash: [] }, pole_line: { colour: "#9AA5B1", width: 1, dash: [9, 3, 2, 3] },
  buried: { colour: "#9AA5B1", width: 1.1, dash: [1.5, 2.5] }, tunnel: { colour: "#7D8A99", width: 2.2, dash: [] },
  bridge: { colour: "#7D8A99", width: 2.2, dash: [5, 3] }, indoor: { colour: "#C3CAD2", width: 0.8, dash: [] },
  submarine: { colour: "#7D8A99", width: 1, dash: [9, 4] }, unknown: { colour: "#B4BEC8", width: 1, dash: [] },
};
const OFFICE_SIZES = { core: 6.5, aggregation: 4.6, access: 2.8, external: 3 };
const INK = "#222222", SLATE = "#4B5563", PAPER = "#FBFCFD";
const FONT = '"Microsoft YaHei","PingFang SC","Noto Sans CJK SC",system-ui,sans-serif';
const MARGIN = 160, QUICK_MS = 16;

const canvas = $("canvas"), ctx = canvas.getContext("2d");
const cam = new Camera();
const base = { canvas: document.createElement("canvas"), cam: null, ms: 0, stale: true };
let frame = 0, settle = 0;

const spanGrid = lazy(() => {
  const boxes = new Float64Array(4 * SPANS.size).fill(NaN);
  for (let i = 0; i < SPANS.size; i++) {
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let v = SPANS.ptr[i]; v < SPANS.ptr[i + 1]; v++) {
      if (SPANS.x[v] < x0) x0 = SPANS.x[v];
      if (SPANS.x[v] > x1) x1 = SPANS.x[v];
      if (SPANS.y[v] < y0) y0 = SPANS.y[v];
      if (SPANS.y[v] > y1) y1 = SPANS.y[v];
    }
    if (x0 <= x1 && !SPANS.isOff(i)) boxes.set([x0, y0, x1, y1], 4 * i);
  }
  return new Grid(boxes, SPANS.size);
});
const sitePlace = (row) => SITES.get("place", row);
const siteX = (row) => PLACES.x[sitePlace(row)], siteY = (row) => PLACES.y[sitePlace(row)];
const pointGrid = (places) => {
  const boxes = new Float64Array(4 * places.length);
  places.forEach((p, i) => boxes.set([PLACES.x[p], PLACES.y[p], PLACES.x[p], PLACES.y[p]], 4 * i));
  return new Grid(boxes, places.length);
};
const siteGrid = lazy(() => pointGrid(Array.from({ length: SITE_COUNT }, (_, row) => sitePlace(row))));
const offices = lazy(() => {
  const found = [];
  for (let i = 0; i < PLACES.size && (PLACES.isOffice(i) || PLACES.word(i) === "site"); i++) if (PLACES.isOffice(i)) found.push(i);
  return found;
});
const everything = lazy(() => {
  const xs = [], ys = [];
  for (let row = 0; row < SITE_COUNT; row++) { xs.push(siteX(row)); ys.push(siteY(row)); }
  for (const place of offices()) { xs.push(PLACES.x[place]); ys.push(PLACES.y[place]); }
  return boxOf(xs, ys);
});
function shownBox() {
  if (state.rows.length === SITE_COUNT || !state.rows.length) return everything();
  return boxOf(Array.from(state.rows, siteX), Array.from(state.rows, siteY));
}

// Radius of a site: small where many are in little room.
function siteRadius() {
  const crowd = Math.sqrt(Math.max(1, state.rows.length) / 400);
  return Math.max(3.2, Math.min(9, (5.4 + Math.log2(cam.k * 2000) * 0.9) / Math.max(1, Math.min(1.8, crowd))));
}

const sprites = new Map();
function sprite(tier, grade, radius) {
  const ratio = devicePixelRatio || 1, key = `${tier}/${grade}/${radius.toFixed(1)}/${ratio}/${state.lang}`;
  if (!sprites.has(key)) {
    if (sprites.size > 200) sprites.clear();
    const half = Math.ceil(radius * 1.5) + 2, picture = document.createElement("canvas");
    picture.width = picture.height = 2 * half * ratio;
    const pen = picture.getContext("2d");
    pen.scale(ratio, ratio);
    pen.translate(half, half);
    drawShape(pen, tier, radius, GRADE_COLOURS[grade]);
    if (radius >= 5.6 && tier !== "standard" && tier !== "") {
      pen.fillStyle = GRADE_INKS[grade] || "#fff";
      pen.font = `700 ${(radius * 1.12).toFixed(1)}px ${FONT}`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(gradeLetter(grade), 0, radius * 0.06);
    } else if (radius >= 5.6) { // too small to hold its letter
      pen.font = `700 ${(radius * 1.05).toFixed(1)}px ${FONT}`;
      pen.textBaseline = "middle";
      pen.lineWidth = 2.5;
      pen.strokeStyle = "#fff";
      pen.strokeText(gradeLetter(grade), radius * 0.62, 0);
      pen.fillStyle = INK;
      pen.fillText(gradeLetter(grade), radius * 0.62, 0);
    }
    sprites.set(key, { picture, half });
  }
  return sprites.get(key);
}
function drawShape(pen, shape, radius, fill, edge = "#fff", width = 1.4) {
  const path = new Path2D();
  path.addPath(new Path2D(SHAPES[shape] ?? SHAPES[""]), new DOMMatrix([radius, 0, 0, radius, 0, 0]));
  pen.lineJoin = "round";
  pen.strokeStyle = edge;
  pen.lineWidth = width * 2;
  pen.stroke(path);
  pen.fillStyle = fill;
  pen.fill(path);
}

function trace(pen, view, span, isFine) {
  const { ptr, x, y } = SPANS;
  let px = view.sx(x[ptr[span]]), py = view.sy(y[ptr[span]]);
  pen.moveTo(px, py);
  for (let v = ptr[span] + 1; v < ptr[span + 1]; v++) {
    const qx = view.sx(x[v]), qy = view.sy(y[v]);
    if (!isFine && v + 1 < ptr[span + 1] && Math.abs(qx - px) + Math.abs(qy - py) < 1.2) continue;
    pen.lineTo(qx, qy);
    px = qx; py = qy;
  }
}

function drawPlant(pen, view) {
  const byMedium = new Map();
  for (const span of spanGrid().meet(view.wx(0), view.wy(view.h), view.wx(view.w), view.wy(0))) {
    const medium = SPANS.medium(span);
    if (!byMedium.has(medium)) byMedium.set(medium, []);
    byMedium.get(medium).push(span);
  }
  const isNear = view.k > 0.006;
  pen.globalAlpha = state.site >= 0 ? 0.6 : 1;
  for (const [medium, spans] of byMedium) {
    const style = MEDIA[medium] || MEDIA.unknown;
    pen.strokeStyle = style.colour;
    pen.lineWidth = isNear ? style.width * 1.4 : Math.min(style.width, 1) * 0.8;
    pen.setLineDash(isNear ? style.dash : []);
    pen.beginPath();
    for (const span of spans) trace(pen, view, span, isNear);
    pen.stroke();
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

function niceStep(least) {
  for (const step of [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20]) if (step >= least) return step;
  return 45;
}
function drawGraticule(pen, view) {
  const degree = (EARTH * Math.PI) / 180, step = niceStep(150 / (view.k * degree));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  pen.strokeStyle = "#EDF0F3";
  pen.lineWidth = 1;
  pen.fillStyle = "#9AA5B1";
  pen.font = `10px ${FONT}`;
  const left = lonOf(view.wx(0) + ORIGIN.x), right = lonOf(view.wx(view.w) + ORIGIN.x);
  const bottom = latOf(view.wy(view.h) + ORIGIN.y), top = latOf(view.wy(0) + ORIGIN.y);
  if (right - left > 170) return;
  pen.beginPath();
  const marks = [];
  for (let i = Math.ceil(left / step); i * step < right; i++) {
    const sx = Math.round(view.sx((i * step * Math.PI * EARTH) / 180 - ORIGIN.x)) + 0.5;
    pen.moveTo(sx, 0); pen.lineTo(sx, view.h);
    marks.push([`${Math.abs(i * step).toFixed(digits)}°${i < 0 ? "W" : "E"}`, sx, -1]);
  }
  for (let i = Math.ceil(bottom / step); i * step < top; i++) {
    const sy = Math.round(view.sy(mercatorY(i * step * 100000) - ORIGIN.y)) + 0.5;
    pen.moveTo(0, sy); pen.lineTo(view.w, sy);
    marks.push([`${Math.abs(i * step).toFixed(digits)}°${i < 0 ? "S" : "N"}`, -1, sy]);
  }
  pen.stroke();
  return marks;
}

function drawOffices(pen, view) {
  const grow = Math.max(0.75, Math.min(1.5, 1 + Math.log2(view.k * 3000) * 0.12));
  for (const place of offices()) {
    const x = view.sx(PLACES.x[place]), y = view.sy(PLACES.y[place]), role = PLACES.word(place);
    if (!(x > -20 && x < view.w + 20 && y > -20 && y < view.h + 20)) continue;
    if (role === "access" && view.k < 1.2e-3 && offices().length > 60) continue;
    const r = (OFFICE_SIZES[role] || 3) * grow;
    pen.fillStyle = "#fff";
    pen.strokeStyle = SLATE;
    pen.lineWidth = 1.4;
    pen.beginPath();
    pen.rect(x - r, y - r, 2 * r, 2 * r);
    pen.fill();
    pen.stroke();
    if (role === "core") { pen.strokeRect(x - r * 0.5, y - r * 0.5, r, r); }
    if (role === "aggregation") { pen.fillStyle = SLATE; pen.fillRect(x - r * 0.4, y - r * 0.4, r * 0.8, r * 0.8); }
  }
}

function drawSites(pen, view) {
  const radius = siteRadius(), grade = SITES.col("grade"), tier = SITES.col("tier"), known = new Map();
  pen.globalAlpha = state.site >= 0 ? 0.45 : 1;
  for (let k = state.rows.length - 1; k >= 0; k--) {
    const row = state.rows[k], x = view.sx(siteX(row)), y = view.sy(siteY(row));
    if (!(x > -20 && x < view.w + 20 && y > -20 && y < view.h + 20)) continue;
    const key = `${tier.at(row)}/${grade.at(row)}`;
    if (!known.has(key)) known.set(key, sprite(tier.at(row), grade.at(row), radius));
    const { picture, half } = known.get(key);
    pen.drawImage(picture, x - half, y - half, 2 * half, 2 * half);
  }
  pen.globalAlpha = 1;
}

// Names that do not cover each other, nor the boxes that are taken; the largest places first.
function drawNames(pen, view, taken = []) {
  const isFree = (x0, y0, x1, y1) => {
    for (const r of taken) if (x0 < r[2] && x1 > r[0] && y0 < r[3] && y1 > r[1]) return false;
    taken.push([x0, y0, x1, y1]);
    return true;
  };
  const write = (text, x, y, font, colour, dy) => {
    if (!(x > 0 && x < view.w && y > 0 && y < view.h)) return;
    pen.font = font;
    const short = shortened(text, 24), wide = pen.measureText(short).width;
    const at = dy.find((each) => isFree(x - wide / 2 - 3, y + each - 9, x + wide / 2 + 3, y + each + 9));
    if (at === undefined) return;
    pen.lineWidth = 3.5;
    pen.strokeStyle = "rgba(255,255,255,.92)";
    pen.lineJoin = "round";
    pen.strokeText(short, x, y + at);
    pen.fillStyle = colour;
    pen.fillText(short, x, y + at);
  };
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const most = view.k > 2e-3 ? 9 : view.k > 6e-4 ? 3 : 2;
  for (const [lon, lat, text, rank] of [...DATA.plant.names].sort((p, q) => p[3] - q[3])) {
    if (rank > most) continue;
    const x = view.sx(EARTH * lon * UNIT - ORIGIN.x), y = view.sy(mercatorY(lat) - ORIGIN.y);
    write(text, x, y, rank <= 2 ? `700 13px ${FONT}` : `400 11.5px ${FONT}`, rank <= 2 ? INK : SLATE, rank <= 2 ? [-15, -28, 15] : [-15]);
  }
  if (isWhole && view.k > 0.004) {
    for (const place of offices()) write(PLACES.label(place), view.sx(PLACES.x[place]), view.sy(PLACES.y[place]), `600 11.5px ${FONT}`, SLATE, [16]);
  }
  if (view.k > 0.012) {
    const found = siteGrid().meet(view.wx(0), view.wy(view.h), view.wx(view.w), view.wy(0));
    for (const row of found.slice(0, 400)) {
      if (state.shown[row]) write(SITES.get("name", row) || SITES.get("site_id", row), view.sx(siteX(row)), view.sy(siteY(row)), `400 11.5px ${FONT}`, INK, [17]);
    }
  }
}

function renderBase() {
  const start = performance.now(), ratio = devicePixelRatio || 1, picture = base.canvas;
  const view = cam.copy();
  view.w += 2 * MARGIN;
  view.h += 2 * MARGIN;
  picture.width = Math.round(view.w * ratio);
  picture.height = Math.round(view.h * ratio);
  const pen = picture.getContext("2d");
  pen.scale(ratio, ratio);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, view.w, view.h);
  drawGraticule(pen, view);
  drawPlant(pen, view);
  if (state.site < 0) drawWorks(pen, view);
  drawOffices(pen, view);
  drawSites(pen, view);
  if (state.site < 0) { drawNewPlantMarks(pen, view); drawNames(pen, view); }
  base.cam = view;
  base.stale = false;
  base.ms = performance.now() - start;
}

function render() {
  frame = 0;
  const rect = canvas.getBoundingClientRect(), ratio = devicePixelRatio || 1;
  if (!rect.width || !rect.height) return;
  if (canvas.width !== Math.round(rect.width * ratio) || canvas.height !== Math.round(rect.height * ratio)) {
    canvas.width = Math.round(rect.width * ratio);
    canvas.height = Math.round(rect.height * ratio);
    base.stale = true;
  }
  cam.w = rect.width;
  cam.h = rect.height;
  const moved = !base.cam || base.cam.x !== cam.x || base.cam.y !== cam.y || base.cam.k !== cam.k;
  const far = base.cam && (Math.abs(base.cam.x - cam.x) * cam.k > MARGIN || Math.abs(base.cam.y - cam.y) * cam.k > MARGIN ||
    cam.k < base.cam.k * 0.7);
  clearTimeout(settle);
  if (base.stale || !base.cam || (moved && (far || base.ms < QUICK_MS))) renderBase();
  else if (moved) settle = setTimeout(() => { base.stale = true; repaint(); }, 90);
  const scale = cam.k / base.cam.k;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = PAPER;
  ctx.fillRect(0, 0, cam.w, cam.h);
  const left = cam.sx(base.cam.x) - (base.cam.w / 2) * scale, top = cam.sy(base.cam.y) - (base.cam.h / 2) * scale;
  ctx.drawImage(base.canvas, left, top, base.cam.w * scale, base.cam.h * scale);
  drawOverlay(ctx, cam);
  drawScale();
}
function repaint(withBase = false) {
  if (withBase) base.stale = true;
  if (!frame) frame = requestAnimationFrame(render);
}

function drawScale() {
  const cos = Math.cos((latOf(cam.y + ORIGIN.y) * Math.PI) / 180), most = (110 / cam.k) * cos;
  let size = 10 ** Math.floor(Math.log10(most));
  size *= most / size >= 5 ? 5 : most / size >= 2 ? 2 : 1;
  $("scale-bar").style.width = `${((size * cam.k) / cos).toFixed(1)}px`;
  $("scale-words").textContent = size >= 1000 ? `${number(size / 1000)} ${t("km")}` : `${number(size, 2)} ${t("m")}`;
}
