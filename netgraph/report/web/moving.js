// Moving about on the map with mouse, fingers, wheel and keys; what stands under the pointer.

const pointers = new Map();
let pressed = null, pinch = 0;

function siteAt(sx, sy) {
  const reach = Math.max(10, siteRadius() + 3);
  const found = siteGrid().meet(cam.wx(sx - reach), cam.wy(sy + reach), cam.wx(sx + reach), cam.wy(sy - reach));
  let best = -1, least = reach * reach;
  for (const row of found) {
    if (!state.shown[row]) continue;
    const d = (cam.sx(siteX(row)) - sx) ** 2 + (cam.sy(siteY(row)) - sy) ** 2;
    if (d < least || (d === least && row < best)) { best = row; least = d; }
  }
  return best;
}
function spanAt(sx, sy, reach = 5) {
  let best = -1, least = reach * reach;
  for (const span of spanGrid().meet(cam.wx(sx - reach), cam.wy(sy + reach), cam.wx(sx + reach), cam.wy(sy - reach))) {
    for (let v = SPANS.ptr[span] + 1; v < SPANS.ptr[span + 1]; v++) {
      const ax = cam.sx(SPANS.x[v - 1]), ay = cam.sy(SPANS.y[v - 1]), dx = cam.sx(SPANS.x[v]) - ax, dy = cam.sy(SPANS.y[v]) - ay;
      const share = Math.max(0, Math.min(1, ((sx - ax) * dx + (sy - ay) * dy) / (dx * dx + dy * dy || 1)));
      const d = (ax + share * dx - sx) ** 2 + (ay + share * dy - sy) ** 2;
      if (d < least) { best = span; least = d; }
    }
  }
  return best;
}
const local = (event) => {
  const rect = canvas.getBoundingClientRect();
  return [event.clientX - rect.left, event.clientY - rect.top];
};

function showTip(sx, sy) {
  const tip = $("tip"), row = siteAt(sx, sy);
  tip.replaceChildren();
  if (row >= 0) {
    tip.append(h("b", {}, name(shortened(SITES.get("name", row) || SITES.get("site_id", row)))), h("span", {}, name(SITES.get("site_id", row))),
      h("span", {}, `${label("tier", SITES.get("tier", row))} · ${label("grade", SITES.get("grade", row)) || t("no_grade")} · ${levelWords(row)}`));
  } else if (isWhole && cam.k > 0.004) {
    const place = offices().find((p) => Math.hypot(cam.sx(PLACES.x[p]) - sx, cam.sy(PLACES.y[p]) - sy) < 8);
    const span = place === undefined ? spanAt(sx, sy) : -1;
    if (place !== undefined) tip.append(h("b", {}, name(shortened(PLACES.label(place)))), h("span", {}, label("role", PLACES.word(place))));
    else if (span >= 0) {
      tip.append(h("b", {}, name(shortened(SPANS.id()[span]))), h("span", {}, label("medium", SPANS.medium(span))));
      const trench = SPANS.trench()[span];
      if (trench >= 0) tip.append(h("span", {}, `${label("element", "trench")} `, name(shortened(ELEMENTS().find(ELEMENTS().first.trenches + trench).name))));
    }
  }
  tip.hidden = !tip.childNodes.length;
  canvas.classList.toggle("over", row >= 0);
  tip.style.left = `${Math.min(sx + 14, cam.w - 230)}px`;
  tip.style.top = `${Math.min(sy + 14, cam.h - 70)}px`;
}

canvas.addEventListener("pointerdown", (event) => {
  canvas.focus({ preventScroll: true });
  try { canvas.setPointerCapture(event.pointerId); } catch { /* a made-up pointer has none */ }
  pointers.set(event.pointerId, local(event));
  pressed = pointers.size === 1 ? { at: local(event), moved: false } : null;
  pinch = 0;
});
canvas.addEventListener("pointermove", (event) => {
  const at = local(event), before = pointers.get(event.pointerId);
  if (!before) { if (event.pointerType === "mouse") showTip(...at); return; }
  $("tip").hidden = true;
  pointers.set(event.pointerId, at);
  if (pointers.size === 2) {
    const [p, q] = [...pointers.values()], apart = Math.hypot(p[0] - q[0], p[1] - q[1]);
    if (pinch) cam.zoom(apart / pinch, (p[0] + q[0]) / 2, (p[1] + q[1]) / 2);
    pinch = apart;
    cam.pan((at[0] - before[0]) / 2, (at[1] - before[1]) / 2);
  } else {
    if (pressed && Math.hypot(at[0] - pressed.at[0], at[1] - pressed.at[1]) > 4) pressed.moved = true;
    if (pressed?.moved) { cam.pan(at[0] - before[0], at[1] - before[1]); canvas.classList.add("moving"); }
  }
  repaint();
});
function release(event) {
  const wasClick = pressed && !pressed.moved && pointers.size === 1 && event.type === "pointerup";
  pointers.delete(event.pointerId);
  canvas.classList.remove("moving");
  if (wasClick) {
    const row = siteAt(...pressed.at);
    if (row >= 0) chooseSite(row, { fit: false });
  }
  pressed = null;
  pinch = 0;
}
canvas.addEventListener("pointerup", release);
canvas.addEventListener("pointercancel", release);
canvas.addEventListener("pointerleave", () => { $("tip").hidden = true; });
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  const lines = event.deltaMode === 1 ? 30 : 1;
  cam.zoom(Math.exp(-Math.max(-240, Math.min(240, event.deltaY * lines)) * 0.0022), ...local(event));
  $("tip").hidden = true;
  repaint();
}, { passive: false });
canvas.addEventListener("dblclick", (event) => { cam.zoom(2, ...local(event)); repaint(); });
canvas.addEventListener("keydown", (event) => {
  const step = event.shiftKey ? 240 : 80;
  const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (moves[event.key]) cam.pan(...moves[event.key]);
  else if (event.key === "+" || event.key === "=") cam.zoom(1.5);
  else if (event.key === "-") cam.zoom(1 / 1.5);
  else if (event.key === "0" || event.key === "Home") cam.fit(shownBox());
  else if (event.key === "Enter") {
    const row = nearestToMiddle();
    if (row >= 0) chooseSite(row, { fit: false });
  } else return;
  event.preventDefault();
  repaint();
});
function nearestToMiddle() {
  let best = -1, least = Infinity;
  for (const row of state.rows) {
    const d = (siteX(row) - cam.x) ** 2 + (siteY(row) - cam.y) ** 2;
    if (d < least) { least = d; best = row; }
  }
  return best;
}
