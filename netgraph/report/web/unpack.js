// Reads what pack.py wrote: variable-length numbers in base64, ragged tables, strings.

function unpack(text) {
  const raw = atob(text);
  const size = raw.length, values = new Int32Array(size);
  let count = 0;
  for (let i = 0; i < size; count++) {
    let byte = raw.charCodeAt(i++);
    if (byte < 128) { // most are small
      values[count] = (byte >>> 1) ^ -(byte & 1);
      continue;
    }
    let value = byte & 127, scale = 128;
    do {
      byte = raw.charCodeAt(i++);
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127);
    values[count] = value % 2 ? -(value + 1) / 2 : value / 2;
  }
  return values.slice(0, count);
}

function unpackSteps(text) {
  const values = unpack(text);
  for (let i = 1; i < values.length; i++) values[i] += values[i - 1];
  return values;
}

// Where each row begins, and where the last one ends.
function starts(counts) {
  const ptr = new Int32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) ptr[i + 1] = ptr[i] + counts[i];
  return ptr;
}

const rowOf = (table, i) => table.val.subarray(table.ptr[i], table.ptr[i + 1]);

const unpackRows = (packed) => ({ ptr: starts(unpack(packed.n)), val: unpackSteps(packed.v) });

function unpackRuns(packed) {
  const runs = unpack(packed.n), first = unpack(packed.v), more = unpack(packed.l);
  let size = first.length;
  for (const length of more) size += Math.abs(length);
  const val = new Int32Array(size), ptr = new Int32Array(runs.length + 1);
  let at = 0, run = 0, last = 0;
  for (let row = 0; row < runs.length; row++) {
    for (let k = 0; k < runs[row]; k++, run++) {
      const step = more[run] < 0 ? -1 : 1;
      let value = last + first[run];
      for (let left = Math.abs(more[run]); left >= 0; left--) {
        val[at++] = value;
        value += step;
      }
      last = value - step;
    }
    ptr[row + 1] = at;
  }
  return { ptr, val };
}

function unpackPaths(packed) {
  const order = unpackRuns(packed.o).val, table = unpackRuns(packed.r);
  for (let i = 0; i < table.val.length; i++) table.val[i] = order[table.val[i]];
  return table;
}

function unpackStrings(packed) {
  const strings = new Array(packed.length);
  let before = "";
  for (let i = 0; i < packed.length; i++) {
    const text = packed[i];
    strings[i] = before = before.slice(0, text.charCodeAt(0) - 48) + text.slice(1);
  }
  return strings;
}

function unpackWords(packed) {
  if (packed.s) {
    const strings = unpackStrings(packed.s);
    return { length: strings.length, at: (i) => strings[i] };
  }
  const codes = unpack(packed.v), words = packed.w;
  return { length: codes.length, at: (i) => words[codes[i]], codes, words };
}

function unpackNumbers(packed) {
  const codes = unpack(packed.v), scale = 10 ** packed.d;
  const values = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    values[i] = code === 0 ? NaN : (code > 0 ? code - 1 : code) / scale;
  }
  return values;
}

const FLAGS = { t: true, f: false };
const flagAt = (text, i) => (text[i] in FLAGS ? FLAGS[text[i]] : null);
const setOf = (packed) => new Set(unpackSteps(packed));
