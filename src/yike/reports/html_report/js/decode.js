// Coded columns back to numbers; the twin of coding.py.

const STEP_M = 0.25;

export function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

export function varints(text) {
  const bytes = bytesOf(text);
  let n = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] < 128) n++;
  const out = new Int32Array(n);
  let value = 0;
  let shift = 0;
  for (let i = 0, k = 0; i < bytes.length; i++) {
    value |= (bytes[i] & 127) << shift;
    shift += 7;
    if (bytes[i] < 128) {
      out[k++] = (value >>> 1) ^ -(value & 1);
      value = shift = 0;
    }
  }
  return out;
}

// Metres x, y of a run of points, one after the other.
export function pointsOf(coded) {
  const steps = varints(coded.xy);
  const xy = new Float32Array(steps.length);
  let x = 0;
  let y = 0;
  for (let i = 0; i < steps.length; i += 2) {
    xy[i] = (x += steps[i]) * STEP_M;
    xy[i + 1] = (y += steps[i + 1]) * STEP_M;
  }
  return xy;
}

// Lines with, for each, its slice of points and its box, so that what is out of sight is passed over.
export function linesOf(coded) {
  const xy = pointsOf(coded);
  const lengths = varints(coded.lines);
  const n = lengths.length;
  const ptr = new Int32Array(n + 1);
  const box = new Float32Array(4 * n);
  for (let i = 0; i < n; i++) {
    ptr[i + 1] = ptr[i] + lengths[i];
    let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
    for (let k = 2 * ptr[i]; k < 2 * ptr[i + 1]; k += 2) {
      west = Math.min(west, xy[k]);
      east = Math.max(east, xy[k]);
      south = Math.min(south, xy[k + 1]);
      north = Math.max(north, xy[k + 1]);
    }
    box.set([west, south, east, north], 4 * i);
  }
  return { xy, ptr, box, n, owner: coded.owner };
}

export function columnOf(text, bytesEach) {
  const bytes = bytesOf(text);
  const kind = { 1: Uint8Array, 2: Uint16Array, 4: Int32Array }[bytesEach];
  return new kind(bytes.buffer);
}
