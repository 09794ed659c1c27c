// The tables of the page; row numbers are indices everywhere, as in the program.

import { columnOf, pointsOf } from './decode.js';

export const data = JSON.parse(document.getElementById('yike-data').textContent);
export const meta = data.meta;
export const types = data.types;
export const circles = data.circles;
export const places = Object.assign({}, data.places, { xy: pointsOf(data.places) });
export const outlets = Object.assign({}, data.outlets, { xy: pointsOf(data.outlets) });
export const nPlaces = places.id.length;
export const nOutlets = outlets.id.length;
export const columns = data.access.types;

const access = data.access;
const cache = {};

function column(name, index, bytesEach) {
  const key = name + index;
  if (!cache[key] && access[name]) cache[key] = columnOf(access[name][index], bytesEach);
  return cache[key];
}

// Seconds from a place to the nearest outlet of a column; Infinity: none, NaN: not known.
export function walkS(col, place) {
  if (access.untold[col]) return NaN;
  const code = column('nearest', col, access.bytes)[place];
  const top = access.bytes === 2 ? 65535 : 255;
  return code === top ? NaN : code === top - 1 ? Infinity : code * access.step_s;
}

// Word that stands instead of minutes: 未调查 or 数据缺失, empty where minutes are known.
export function untoldWord(col) {
  return access.untold[col] || '';
}

// Whether minutes lead to the few outlets that a source has of this type.
export function isDoubted(col) {
  return access.doubted[col] === true;
}

export function isAttached(place) {
  if (!columns.length) return true;
  return column('nearest', 0, access.bytes)[place] !== (access.bytes === 2 ? 65535 : 255);
}

// Row of the nearest outlet, -1 none or not stored.
export function nearestOutlet(col, place) {
  const found = column('outlet', col, access.outlet_bytes);
  return found ? found[place] - 1 : -1;
}

// Outlets within the longest cutoff, NaN where not stored.
export function countNear(col, place) {
  const found = column('count', col, 1);
  return found ? found[place] : NaN;
}

export function columnOfType(type) {
  return columns.indexOf(type);
}

export function servesColumn(outlet, col) {
  for (let k = outlets.service_ptr[outlet]; k < outlets.service_ptr[outlet + 1]; k++) {
    if (outlets.service[k] === col) return true;
  }
  return false;
}

export function outletsOf(col) {
  const found = [];
  for (let i = 0; i < nOutlets; i++) if (servesColumn(i, col)) found.push(i);
  return found;
}

export function placesOfCircle(circle) {
  const found = [];
  for (let i = 0; i < nPlaces; i++) if (circle < 0 || places.circle[i] === circle) found.push(i);
  return found;
}

export function gapRow(circle, type) {
  return data.gaps.type.findIndex((t, i) => t === type && data.gaps.circle[i] === circle);
}
