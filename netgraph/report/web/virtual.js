// A list of any length that only has the rows in sight in the page; arrows, Page, Home, End, Enter.

let listNumber = 0;
class VirtualList {
  constructor(box, { rowHeight, draw, choose, role = "option", head = null }) {
    Object.assign(this, { box, rowHeight, draw, choose, role, rows: [], active: -1, chosen: -1, id: `v${listNumber++}` });
    this.body = h("div", { class: "rows", role: role === "row" ? "rowgroup" : "presentation" });
    this.headHeight = 0;
    box.append(...(head ? [head] : []), this.body);
    this.head = head;
    box.tabIndex = 0;
    let waiting = false;
    box.addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; this.paint(); });
    });
    box.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("click", (event) => {
      const row = event.target.closest("[data-at]");
      if (!row) return;
      this.active = Number(row.dataset.at);
      this.choose(this.rows[this.active]);
    });
    new ResizeObserver(() => this.paint()).observe(box);
  }
  set(rows) {
    this.rows = rows;
    this.active = -1;
    this.body.style.height = `${rows.length * this.rowHeight}px`;
    this.box.setAttribute("aria-rowcount", rows.length);
    this.box.scrollTop = 0;
    this.paint();
  }
  mark(chosen, isVisible = true) {
    this.chosen = chosen;
    const at = this.rows.indexOf(chosen);
    if (at >= 0) { this.active = at; if (isVisible) this.show(at); }
    this.paint();
  }
  show(at) {
    const top = at * this.rowHeight, inside = this.box.clientHeight - (this.head ? this.head.offsetHeight : 0);
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + this.rowHeight > this.box.scrollTop + inside) this.box.scrollTop = top + this.rowHeight - inside;
  }
  paint() {
    const inside = this.box.clientHeight || 600;
    const first = Math.max(0, Math.floor(this.box.scrollTop / this.rowHeight) - 4);
    const last = Math.min(this.rows.length, Math.ceil((this.box.scrollTop + inside) / this.rowHeight) + 4);
    const elements = [];
    for (let at = first; at < last; at++) {
      const row = this.rows[at], element = this.draw(row, at);
      element.dataset.at = at;
      element.id = `${this.id}-${at}`;
      element.setAttribute("role", this.role);
      element.setAttribute(this.role === "row" ? "aria-rowindex" : "aria-posinset", at + 1);
      if (this.role !== "row") element.setAttribute("aria-setsize", this.rows.length);
      element.setAttribute("aria-selected", row === this.chosen);
      element.classList.toggle("active", at === this.active);
      element.style.transform = `translateY(${at * this.rowHeight}px)`;
      elements.push(element);
    }
    this.body.replaceChildren(...elements);
    if (this.active >= first && this.active < last) this.box.setAttribute("aria-activedescendant", `${this.id}-${this.active}`);
    else this.box.removeAttribute("aria-activedescendant");
  }
  key(event) {
    if (event.target !== this.box) return;
    const page = Math.max(1, Math.floor(this.box.clientHeight / this.rowHeight) - 1), end = this.rows.length - 1;
    const to = {
      ArrowDown: this.active + 1, ArrowUp: this.active - 1, PageDown: this.active + page,
      PageUp: this.active - page, Home: 0, End: end,
    }[event.key];
    if (to !== undefined) {
      this.active = Math.max(0, Math.min(end, to));
      this.show(this.active);
      this.paint();
    } else if (event.key === "Enter" && this.active >= 0) this.choose(this.rows[this.active]);
    else return;
    event.preventDefault();
  }
}
