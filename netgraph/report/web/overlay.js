// What is drawn for the chosen site, above the plant: routes, what they share, risks, works.

let picked = null;

function hazardPlaces(row) {
  const cause = TABLES.hazards.get("cause", row), kind = TABLES.causes.get("kind", cause);
  const from = TABLES.causes.get("from_place", cause), to = TABLES.causes.get("to_place", cause);
  return { kind, from, to, isWhole: kind === "single_route" || kind === "undecidable" || kind === "radio_backup" };
}
function hazardPoint(row) {
  const { from, to, isWhole } = hazardPlaces(row);
  if (isWhole && SITES.length) return null;
  const ends = [from, to].filter((p) => p >= 0 && !Number.isNaN(PLACES.x[p]));
  if (!ends.length) return null;
  return [ends.reduce((s, p) => s + PLACES.x[p], 0) / ends.length, ends.reduce((s, p) => s + PLACES.y[p], 0) / ends.length];
}

// Everything that the map and the sheet show of a site.
function pickSite(row) {
  if (row < 0) { picked = null; return; }
  const units = Array.from(rowOf(unitsOfSite(), row));
  const order = orderOf().level, levels = TABLES.units.col("level");
  units.sort((p, q) => order.get(levels.at(p)) - order.get(levels.at(q)));
  const hazards = [];
  for (const unit of units) {
    const own = Array.from(rowOf(hazardsOfUnit(), unit)), at = TABLES.hazards.col("distance_from_a_m");
    const from = new Map(own.map((i) => [i, Number.isNaN(at.at(i)) ? Number.MAX_VALUE : at.at(i)]));  // behind a gap: last
    hazards.push(...own.sort((p, q) => from.get(p) - from.get(q)));
  }
  const unavoidable = Array.from(rowOf(BEST("spans").unavoidable, row), (element) => ELEMENTS().find(element));
  picked = { row, units, hazards, unavoidable, unit: units[0] ?? -1 };
  pickRoutes();
}
function pickRoutes() {
  if (!picked) return;
  const circuit = state.circuit;
  const unit = circuit >= 0 ? TABLES.circuits.get("unit", circuit) : picked.unit;
  picked.routes = unit >= 0 ? routesOf(unit, circuit) : { working: [], protect: [], shared: [] };
  picked.best = null;
  if (state.best) {
    const table = BEST(state.best), ways = [2 * picked.row, 2 * picked.row + 1].map((i) => rowOf(table.routes, i));
    picked.best = ways.map((items) => Array.from(items).flatMap((item) => state.best === "spans"
      ? [{ span: item }]
      : rowOf(CABLES().spans, item).length
        ? Array.from(rowOf(CABLES().spans, item), (span) => ({ span }))
        : [{ span: -1, a: CABLES().a[item], b: CABLES().b[item] }]));
  }
}
const bestTables = {};
function BEST(layer) {
  if (!bestTables[layer]) {
    const packed = DATA.best[layer];
    bestTables[layer] = {
      level: unpackWords(packed.level), total: unpackNumbers(packed.total), routes: unpackPaths(packed.routes),
      shared: unpackPaths(packed.shared), unavoidable: unpackPaths(packed.unavoidable),
      connected: (i) => flagAt(packed.connected, i), otherwise: (i) => flagAt(packed.otherwise, i),
    };
  }
  return bestTables[layer];
}

function piecesBox(pieces, box = [Infinity, Infinity, -Infinity, -Infinity]) {
  const add = (x, y) => {
    if (Number.isNaN(x) || Number.isNaN(y)) return;
    box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
  };
  for (const piece of pieces) {
    if (piece.span >= 0) for (let v = SPANS.ptr[piece.span]; v < SPANS.ptr[piece.span + 1]; v++) add(SPANS.x[v], SPANS.y[v]);
    else for (const p of [piece.a, piece.b]) if (p >= 0) add(PLACES.x[p], PLACES.y[p]);
  }
  return box;
}
function pickedBox() {
  const box = piecesBox([...picked.routes.working, ...picked.routes.protect, ...(picked.best || []).flat()]);
  const x = siteX(picked.row), y = siteY(picked.row);
  if (!Number.isNaN(x)) return [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)];
  return box;
}

function drawPieces(pen, view, pieces, colour, width, dash = []) {
  const solid = pieces.filter((p) => p.span >= 0), straight = pieces.filter((p) => p.span < 0 && p.a >= 0 && p.b >= 0);
  pen.strokeStyle = colour;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  for (const piece of solid) if (SPANS.ptr[piece.span] < SPANS.ptr[piece.span + 1]) trace(pen, view, piece.span, false);
  pen.stroke();
  if (straight.length) { // the way is not recorded: a dashed straight line
    pen.setLineDash([3, 6]);
    pen.beginPath();
    for (const { a, b } of straight) {
      pen.moveTo(view.sx(PLACES.x[a]), view.sy(PLACES.y[a]));
      pen.lineTo(view.sx(PLACES.x[b]), view.sy(PLACES.y[b]));
    }
    pen.stroke();
  }
  pen.setLineDash([]);
}

function badge(pen, x, y, text, fill, ink, shape) {
  pen.save();
  pen.translate(x, y);
  drawShape(pen, shape || "silver", 9, fill, "#fff", 1.6);
  pen.lineWidth = 1;
  pen.strokeStyle = INK;
  pen.fillStyle = ink;
  pen.font = `700 11px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, 0, 0.5);
  pen.restore();
}

function drawOverlay(pen, view) {
  if (!picked) return;
  const { routes } = picked;
  pen.globalAlpha = picked.best ? 0.4 : 1;
  drawPieces(pen, view, [...routes.working, ...routes.protect], "#fff", 7);
  drawPieces(pen, view, routes.protect, ROUTES.protect, 4.5);
  drawPieces(pen, view, routes.working, ROUTES.working, 3);
  drawPieces(pen, view, routes.shared, ROUTES.shared, 6.5);
  pen.globalAlpha = 1;
  if (picked.best) {
    drawPieces(pen, view, picked.best.flat(), "#fff", 8);
    picked.best.forEach((way, i) => drawPieces(pen, view, way, ROUTES.best, i ? 3 : 5, i ? [] : [2, 7]));
  }
  drawWorks(pen, view, worksOf(picked.row));
  const x = view.sx(siteX(picked.row)), y = view.sy(siteY(picked.row));
  drawNames(pen, view, [...drawEnds(pen, view), [x - 18, y - 18, x + 18, y + 18]]);
  drawUnavoidable(pen, view);
  if (!Number.isNaN(x)) {
    const { picture, half } = sprite(SITES.get("tier", picked.row) || "silver", SITES.get("grade", picked.row), 10);
    pen.strokeStyle = INK;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, 16, 0, 7);
    pen.stroke();
    pen.drawImage(picture, x - half, y - half, 2 * half, 2 * half);
  }
  drawHazards(pen, view, [[x, y]]);
}

// The offices on the way and the B end, named; gives the boxes of the names.
function drawEnds(pen, view) {
  const tables = ROUTE_TABLES(), named = new Set();
  for (const circuit of rowOf(circuitsOfSite(), picked.row)) {
    if (state.circuit >= 0 && circuit !== state.circuit) continue;
    for (const route of rowOf(tables.ofCircuit, circuit)) for (const stop of stopsOf(route, sitePlace(picked.row))) named.add(stop);
  }
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const taken = [];
  for (const place of named) {
    if (place < 0 || place === sitePlace(picked.row) || Number.isNaN(PLACES.x[place])) continue;
    const x = view.sx(PLACES.x[place]), y = view.sy(PLACES.y[place]), isCore = PLACES.word(place) === "core";
    const r = isCore ? 7 : 5;
    pen.fillStyle = "#fff";
    pen.strokeStyle = INK;
    pen.lineWidth = 1.8;
    pen.beginPath();
    pen.rect(x - r, y - r, 2 * r, 2 * r);
    pen.fill();
    pen.stroke();
    if (isCore) pen.strokeRect(x - 3, y - 3, 6, 6);
    pen.font = `600 12px ${FONT}`;
    const text = shortened(PLACES.label(place), 24), half = pen.measureText(text).width / 2;
    if (taken.some((box) => x - half < box[2] && x + half > box[0] && y + 9 < box[3] && y + 27 > box[1])) continue;
    taken.push([x - half, y + 9, x + half, y + 27]);
    pen.lineWidth = 4;
    pen.strokeStyle = "#fff";
    pen.strokeText(text, x, y + 18);
    pen.fillStyle = INK;
    pen.fillText(text, x, y + 18);
  }
  return taken;
}

function elementPoint(element) {
  if (element.block === "places") return [PLACES.x[element.i], PLACES.y[element.i]];
  if (element.block === "spans" && SPANS.ptr[element.i] < SPANS.ptr[element.i + 1]) {
    const v = (SPANS.ptr[element.i] + SPANS.ptr[element.i + 1] - 1) >> 1;
    const w = Math.min(v + 1, SPANS.ptr[element.i + 1] - 1);
    return [(SPANS.x[v] + SPANS.x[w]) / 2, (SPANS.y[v] + SPANS.y[w]) / 2];
  }
  return null;
}
function drawUnavoidable(pen, view) {
  const spans = picked.unavoidable.filter((e) => e.block === "spans").map((e) => ({ span: e.i }));
  if (spans.length) drawPieces(pen, view, spans, INK, 2, [2, 5]);
  for (const element of picked.unavoidable) {
    const point = element.block === "places" ? elementPoint(element) : null;
    if (!point || Number.isNaN(point[0])) continue;
    pen.save();
    pen.translate(view.sx(point[0]), view.sy(point[1]));
    drawShape(pen, "red", 7, INK, "#fff", 1.6);
    pen.restore();
  }
}
// Numbers of the hazards, moved aside where one would cover another or the site itself.
function drawHazards(pen, view, taken) {
  picked.hazards.forEach((hazard, i) => {
    const point = hazardPoint(hazard);
    if (!point || i > 40) return;
    const at = [view.sx(point[0]), view.sy(point[1])], home = [...at];
    while (taken.some((p) => Math.hypot(p[0] - at[0], p[1] - at[1]) < 20)) at[0] += 21;
    taken.push(at);
    if (at[0] !== home[0]) {
      pen.strokeStyle = INK;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(...home);
      pen.lineTo(...at);
      pen.stroke();
    }
    const severity = TABLES.hazards.get("severity", hazard);
    const isLight = severity === "yellow" || severity === "orange";
    badge(pen, ...at, String(i + 1), SEVERITY_COLOURS[severity], isLight ? INK : "#fff");
  });
}
