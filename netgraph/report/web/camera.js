// Where the map looks: the middle of the view in metres, and pixels a metre.

class Camera {
  // In the corner at the bottom left, the legend covers `coverW` by `coverH` pixels.
  constructor() { this.x = 0; this.y = 0; this.k = 1e-3; this.w = 1; this.h = 1; this.coverW = 0; this.coverH = 0; }
  sx(x) { return this.w / 2 + (x - this.x) * this.k; }
  sy(y) { return this.h / 2 - (y - this.y) * this.k; }
  wx(sx) { return this.x + (sx - this.w / 2) / this.k; }
  wy(sy) { return this.y - (sy - this.h / 2) / this.k; }
  pan(dx, dy) { this.x -= dx / this.k; this.y += dy / this.k; }
  zoom(factor, sx = this.w / 2, sy = this.h / 2) {
    const x = this.wx(sx), y = this.wy(sy);
    this.k = Math.max(2e-6, Math.min(4, this.k * factor));
    this.x = x - (sx - this.w / 2) / this.k;
    this.y = y + (sy - this.h / 2) / this.k;
  }
  fit(box, share = 0.86, most = 0.25) {
    if (!box || box[0] > box[2]) return;
    const wide = Math.max(box[2] - box[0], 1), high = Math.max(box[3] - box[1], 1);
    const into = (left) => {
      this.k = Math.min(((this.w - left) * share) / wide, (this.h * share) / high, most);
      this.x = (box[0] + box[2] - left / this.k) / 2;
      this.y = (box[1] + box[3]) / 2;
    };
    into(0);
    // What would lie under the legend moves beside it.
    if (this.sx(box[0]) < this.coverW && this.sy(box[1]) > this.h - this.coverH) into(this.coverW);
  }
  copy() { return Object.assign(new Camera(), this); }
}

// A box around points; of many points, those far away from nearly all others are left out.
function boxOf(xs, ys) {
  const range = (values) => {
    const known = Float64Array.from(values).filter((v) => !Number.isNaN(v)).sort(), size = known.length;
    if (!size) return [1, -1];
    const low = known[Math.floor(size * 0.05)], high = known[Math.ceil(size * 0.95) - 1], room = 2 * (high - low) + 1000;
    const inside = size < 10 ? known : known.filter((v) => v >= low - room && v <= high + room);
    return [inside[0], inside[inside.length - 1]];
  };
  const [x0, x1] = range(xs), [y0, y1] = range(ys);
  return [x0, y0, x1, y1];
}

// A grid over boxes: which of them may meet a window. Cells hold the numbers of the boxes.
class Grid {
  constructor(boxes, size, cells = 64) {
    this.boxes = boxes;
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < size; i++) {
      if (!(boxes[4 * i] <= boxes[4 * i + 2])) continue;
      x0 = Math.min(x0, boxes[4 * i]); y0 = Math.min(y0, boxes[4 * i + 1]);
      x1 = Math.max(x1, boxes[4 * i + 2]); y1 = Math.max(y1, boxes[4 * i + 3]);
    }
    Object.assign(this, { x0, y0, n: cells, cx: Math.max(1, x1 - x0) / cells, cy: Math.max(1, y1 - y0) / cells });
    const ranges = new Int32Array(4 * size), counts = new Int32Array(cells * cells);
    for (let i = 0; i < size; i++) {
      const known = boxes[4 * i] <= boxes[4 * i + 2];
      for (let k = 0; k < 4; k++) ranges[4 * i + k] = known ? this.cell(k % 2, boxes[4 * i + k]) : k < 2 ? 1 : 0;
      for (let r = ranges[4 * i + 1]; r <= ranges[4 * i + 3]; r++) for (let c = ranges[4 * i]; c <= ranges[4 * i + 2]; c++) counts[r * cells + c]++;
    }
    this.ptr = starts(counts);
    this.val = new Int32Array(this.ptr[cells * cells]);
    const fill = this.ptr.slice();
    for (let i = 0; i < size; i++) {
      for (let r = ranges[4 * i + 1]; r <= ranges[4 * i + 3]; r++) for (let c = ranges[4 * i]; c <= ranges[4 * i + 2]; c++) this.val[fill[r * cells + c]++] = i;
    }
    this.seen = new Int32Array(size);
    this.turn = 0;
  }
  // The column (axis 0) or row (axis 1) of cells that a coordinate lies in.
  cell(axis, value) {
    const at = axis ? (value - this.y0) / this.cy : (value - this.x0) / this.cx;
    return at > 0 ? Math.min(this.n - 1, Math.floor(at)) : 0;
  }
  // Numbers of the boxes that meet a window, each once, in no particular order.
  meet(x0, y0, x1, y1) {
    const found = [], b = this.boxes;
    if (!(this.cx > 0)) return found;
    const c0 = this.cell(0, x0), r0 = this.cell(1, y0), c1 = this.cell(0, x1), r1 = this.cell(1, y1);
    this.turn++;
    for (let r = r0; r <= r1; r++) {
      for (let k = this.ptr[r * this.n + c0]; k < this.ptr[r * this.n + c1 + 1]; k++) {
        const i = this.val[k];
        if (this.seen[i] === this.turn) continue;
        this.seen[i] = this.turn;
        if (b[4 * i] <= x1 && b[4 * i + 2] >= x0 && b[4 * i + 1] <= y1 && b[4 * i + 3] >= y0) found.push(i);
      }
    }
    return found;
  }
}
