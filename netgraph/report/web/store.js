// The data, column by column; a column is unpacked when something first asks for it.

// What the first screen shows stands before this script, the rest behind it, so that the screen
// is there while the browser still reads. A block is parsed when something first asks for it.
const readBlock = (id) => JSON.parse(document.getElementById(id).textContent);
const DATA = readBlock("data");
for (const block of DATA.later) {
  const read = lazy(() => readBlock(`data-${block}`));
  Object.defineProperty(DATA, block, { get: read });
}
let isWhole = false;
// Do what may need all of the data: at once, or as soon as it has been read.
function whenWhole(act) {
  if (isWhole) act();
  else document.addEventListener("DOMContentLoaded", act, { once: true });
}
document.addEventListener("DOMContentLoaded", () => { isWhole = true; }, { once: true });
const HEAD = DATA.head;

function lazy(make) {
  let value, done = false;
  return () => {
    if (!done) { value = make(); done = true; }
    return value;
  };
}

function openColumn(packed) {
  const kind = packed.k;
  if (kind === "text" || kind === "word") {
    const words = unpackWords(packed.x);
    return { kind, group: packed.g, at: words.at, length: words.length, codes: words.codes, words: words.words };
  }
  if (kind === "flag") return { kind, at: (i) => flagAt(packed.x, i), length: packed.x.length };
  const values = kind === "number" || kind === "ratio" ? unpackNumbers(packed.x) : unpack(packed.x);
  return { kind, decimals: packed.x.d || 0, at: (i) => values[i], length: values.length };
}

class Table {
  constructor(name) {
    this.name = name;
    this.length = DATA.lengths[name];
    this.columns = new Map();
  }
  col(id) {
    if (!this.columns.has(id)) this.columns.set(id, openColumn((DATA.tables[this.name] || DATA.rows[this.name])[id]));
    return this.columns.get(id);
  }
  get(id, row) { return this.col(id).at(row); }
}

const TABLES = {};
for (const name of Object.keys(DATA.lengths)) TABLES[name] = new Table(name);
const SITES = TABLES.sites;
const SITE_COUNT = SITES.length;

// Rows of a table by the row of another one that a column of theirs names.
function groupRows(column, size) {
  const counts = new Int32Array(size);
  for (let i = 0; i < column.length; i++) if (column.at(i) >= 0) counts[column.at(i)]++;
  const ptr = starts(counts), val = new Int32Array(ptr[size]), fill = ptr.slice();
  for (let i = 0; i < column.length; i++) if (column.at(i) >= 0) val[fill[column.at(i)]++] = i;
  return { ptr, val };
}

const unitsOfSite = lazy(() => groupRows(TABLES.units.col("site"), SITE_COUNT));
const hazardsOfUnit = lazy(() => groupRows(TABLES.hazards.col("unit"), TABLES.units.length));
const circuitsOfSite = lazy(() => groupRows(TABLES.circuits.col("site"), SITE_COUNT));
const customerNames = lazy(() => {
  const names = new Map(), ids = TABLES.customers.col("customer_id"), words = TABLES.customers.col("name");
  for (let i = 0; i < ids.length; i++) names.set(ids.at(i), words.at(i));
  return names;
});
const customerName = (id) => customerNames().get(id) || id;
const siteRows = lazy(() => {
  const rows = new Map(), ids = SITES.col("site_id");
  for (let i = 0; i < SITE_COUNT; i++) rows.set(ids.at(i), i);
  return rows;
});

// What is chosen at the moment; filters.js, map.js and the tables all read it.
const FILTERS = ["city", "county", "customer", "tier", "grade", "level", "severity"];
const state = {
  site: -1, lang: HEAD.lang, tab: "", q: "", best: "", circuit: -1, focus: null,
  filters: Object.fromEntries(FILTERS.map((name) => [name, ""])),
  shown: new Uint8Array(SITE_COUNT).fill(1),
  rows: Int32Array.from({ length: SITE_COUNT }, (_, i) => i),
};
