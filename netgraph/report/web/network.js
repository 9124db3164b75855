// Places and plant in metres of the Mercator projection, relative to the middle of the data.

const EARTH = 6378137, UNIT = Math.PI / 180 / 100000, NOWHERE = -9e8;
const mercatorY = (units) => EARTH * Math.log(Math.tan(Math.PI / 4 + (units * UNIT) / 2));
const latOf = (y) => (2 * Math.atan(Math.exp(y / EARTH)) - Math.PI / 2) * (180 / Math.PI);
const lonOf = (x) => (x / EARTH) * (180 / Math.PI);

const PLACES = (() => {
  const packed = DATA.plant.places;
  const lon = unpackSteps(packed.x), lat = unpackSteps(packed.y), size = lon.length;
  const x = new Float64Array(size).fill(NaN), y = new Float64Array(size).fill(NaN);
  for (let i = 0; i < size; i++) {
    if (lon[i] < NOWHERE || lat[i] < NOWHERE) continue;
    x[i] = EARTH * lon[i] * UNIT;
    y[i] = mercatorY(Math.max(-8500000, Math.min(8500000, lat[i])));
  }
  const ids = lazy(() => unpackStrings(DATA.network.places.id)), names = lazy(() => unpackWords(DATA.network.places.name));
  const words = unpackWords(packed.word);
  const nameAt = (i) => (i < names().length ? names().at(i) : "");
  return {
    size, lon, lat, x, y, word: words.at,
    id: (i) => (i < 0 ? "" : ids()[i]),
    label: (i) => (i < 0 ? "?" : nameAt(i) || ids()[i]),
    isOffice: (i) => OFFICE_ROLES.has(words.at(i)),
  };
})();
const OFFICE_ROLES = new Set(["core", "aggregation", "access", "external"]);

// The middle of the data, by its middle values: a point far out must not move it.
const ORIGIN = (() => {
  const middle = (values) => { // of a thousand of them, evenly picked
    const step = Math.ceil(values.length / 1000);
    const known = values.filter((v, i) => i % step === 0 && !Number.isNaN(v)).sort();
    return known.length ? known[known.length >> 1] : 0;
  };
  return { x: middle(PLACES.x), y: middle(PLACES.y) };
})();
for (let i = 0; i < PLACES.size; i++) { PLACES.x[i] -= ORIGIN.x; PLACES.y[i] -= ORIGIN.y; }

const SPANS = (() => {
  const packed = DATA.plant.spans;
  const a = unpackSteps(packed.a), b = unpackSteps(packed.b), size = a.length;
  const drawn = packed.n ? unpack(packed.n) : new Int32Array(size);
  const sx = packed.n ? unpack(packed.vx) : [], sy = packed.n ? unpack(packed.vy) : [];
  const counts = new Int32Array(size);
  const isKnown = (i) => a[i] >= 0 && b[i] >= 0 && !Number.isNaN(PLACES.x[a[i]]) && !Number.isNaN(PLACES.x[b[i]]);
  for (let i = 0; i < size; i++) counts[i] = drawn[i] || (isKnown(i) ? 2 : 0);
  const ptr = starts(counts), x = new Float64Array(ptr[size]), y = new Float64Array(ptr[size]);
  for (let i = 0, k = 0; i < size; i++) {
    const at = ptr[i];
    if (drawn[i]) {
      let lon = a[i] >= 0 ? PLACES.lon[a[i]] : 0, lat = a[i] >= 0 ? PLACES.lat[a[i]] : 0;
      for (let v = 0; v < drawn[i]; v++, k++) {
        lon += sx[k];
        lat += sy[k];
        x[at + v] = EARTH * lon * UNIT - ORIGIN.x;
        y[at + v] = mercatorY(lat) - ORIGIN.y;
      }
    } else if (counts[i]) {
      x[at] = PLACES.x[a[i]]; y[at] = PLACES.y[a[i]];
      x[at + 1] = PLACES.x[b[i]]; y[at + 1] = PLACES.y[b[i]];
    }
  }
  const medium = unpackWords(packed.medium), off = setOf(packed.off);
  return {
    size, a, b, ptr, x, y, medium: medium.at, isOff: (i) => off.has(i),
    trench: lazy(() => unpackSteps(DATA.network.spans.trench)), id: lazy(() => unpackStrings(DATA.network.spans.id)),
  };
})();

const CABLES = lazy(() => {
  const packed = DATA.network.cables;
  return {
    id: unpackStrings(packed.id), a: unpackSteps(packed.a), b: unpackSteps(packed.b),
    spans: unpackRuns(packed.spans),
  };
});
const LINKS = lazy(() => {
  const packed = DATA.network.links;
  return {
    id: unpackStrings(packed.id), a: unpackSteps(packed.a), b: unpackSteps(packed.b),
    wireless: setOf(packed.wireless), legs: starts(unpack(packed.legs)), parts: unpackRows(packed.parts),
  };
});
const ROUTE_TABLES = lazy(() => {
  const packed = DATA.routes;
  return {
    ofCircuit: unpackRows(packed.circuit), protect: setOf(packed.protect), links: unpackPaths(packed.links),
    circuits: unpackRows(packed.unitCircuits), shared: unpackPaths(packed.shared),
    tolerated: unpackPaths(packed.tolerated),
  };
});

// What a link runs through: {span, cable, link} or a straight stretch {a, b, cable, link}.
function linkPieces(link, pieces = [], above = new Set()) {
  const links = LINKS(), cables = CABLES(), before = pieces.length;
  above.add(link);
  for (let leg = links.legs[link]; leg < links.legs[link + 1]; leg++) {
    for (const part of rowOf(links.parts, leg)) {
      if (part % 2) {
        if (!above.has(part >> 1)) linkPieces(part >> 1, pieces, above);
        continue;
      }
      const cable = part / 2, spans = rowOf(cables.spans, cable);
      for (const span of spans) pieces.push({ span, cable, link });
      if (!spans.length) pieces.push({ span: -1, a: cables.a[cable], b: cables.b[cable], cable, link });
    }
  }
  above.delete(link);
  if (pieces.length === before) pieces.push({ span: -1, a: links.a[link], b: links.b[link], cable: -1, link });
  return pieces;
}

// Elements are numbered block by block, as in the audit.
const ELEMENTS = lazy(() => {
  const packed = DATA.elements, blocks = Object.entries(packed.blocks).sort((p, q) => p[1] - q[1]);
  const strings = {
    trenches: lazy(() => unpackStrings(packed.trenches)), equipment: lazy(() => unpackStrings(packed.equipment)),
    rooms: lazy(() => unpackStrings(packed.rooms)), buildings: lazy(() => unpackStrings(packed.buildings)),
    risks: lazy(() => unpackStrings(packed.risks)),
    links: () => LINKS().id, cables: () => CABLES().id, spans: SPANS.id,
  };
  const suspects = setOf(packed.suspects);
  const KINDS = { links: "link", cables: "cable", spans: "span", trenches: "trench", equipment: "equipment", rooms: "room", buildings: "building" };
  return {
    first: packed.blocks,
    find(element) {
      let block = blocks[0];
      for (const each of blocks) if (element >= each[1]) block = each;
      const i = element - block[1];
      if (block[0] === "places") {
        const word = PLACES.word(i);
        return { block: "places", i, kind: OFFICE_ROLES.has(word) ? "office" : word || "structure", name: PLACES.label(i) };
      }
      if (block[0] === "risks") return { block: "risks", i, kind: suspects.has(i) ? "suspect" : "risk_group", name: strings.risks()[i] };
      return { block: block[0], i, kind: KINDS[block[0]], name: strings[block[0]]()[i] };
    },
  };
});

// The routes of a unit or of one circuit: pieces of the first way, of the others, what is shared.
function routesOf(unit, circuit = -1) {
  const tables = ROUTE_TABLES(), first = ELEMENTS().first, trench = SPANS.trench();
  const shared = new Set(rowOf(tables.shared, unit));
  for (const element of rowOf(tables.shared, unit)) { // the spans of a cable go without saying
    if (element >= first.cables && element < first.cables + CABLES().id.length) {
      for (const span of rowOf(CABLES().spans, element - first.cables)) shared.add(first.spans + span);
    }
  }
  const isShared = (piece) =>
    shared.has(first.links + piece.link) || (piece.cable >= 0 && shared.has(first.cables + piece.cable)) ||
    (piece.span >= 0 && (shared.has(first.spans + piece.span) ||
      (trench[piece.span] >= 0 && shared.has(first.trenches + trench[piece.span]))));
  const circuits = circuit >= 0 ? [circuit] : Array.from(rowOf(tables.circuits, unit));
  const ways = { working: new Map(), protect: new Map(), shared: new Map() };
  const key = (piece) => (piece.span >= 0 ? piece.span : `${piece.cable}/${piece.link}`);
  circuits.forEach((one, nth) => {
    for (const route of rowOf(tables.ofCircuit, one)) {
      const isFirst = !tables.protect.has(route) && nth === 0;
      for (const link of rowOf(tables.links, route)) {
        for (const piece of linkPieces(link)) {
          if (isShared(piece)) ways.shared.set(key(piece), piece);
          (isFirst ? ways.working : ways.protect).set(key(piece), piece);
        }
      }
    }
  });
  for (const each of ways.working.keys()) ways.protect.delete(each); // drawn once, as the first way
  return { working: [...ways.working.values()], protect: [...ways.protect.values()], shared: [...ways.shared.values()] };
}

// Places that a route passes, from A: the ends of its links, one after the other.
function stopsOf(route, from) {
  const links = LINKS(), stops = [from];
  for (const link of rowOf(ROUTE_TABLES().links, route)) {
    const last = stops[stops.length - 1];
    const next = links.a[link] === last ? links.b[link] : links.b[link] === last ? links.a[link] : links.b[link];
    if (next !== last) stops.push(next);
  }
  return stops;
}
