// Homes by minutes, outlets as pins, and what is chosen.

import { data, nPlaces, nearestOutlet, outlets, outletsOf, places, walkS } from './data.js';
import { classOf, classes, colour } from './colours.js';
import { addPin, addShape, fillOf } from './shapes.js';
import { normOfColumn, state } from './state.js';

const PIN_LIMIT = 600;
let sorted = { column: -1 };

// Places of each class, once per type.
export function placesByClass() {
  if (sorted.column !== state.column) {
    sorted = { column: state.column, of: classes.map(() => []) };
    for (let i = 0; i < nPlaces; i++) sorted.of[classOf(walkS(state.column, i))].push(i);
  }
  return sorted.of;
}

// Many homes on a small map are small dots, without an edge that would hide the colour.
function leastRadius(view) {
  return view.scale < 0.1 && nPlaces > 3000 ? 1.3 : 2.6;
}

export function radiusOf(place, view) {
  const people = data.places.people[place] || 0;
  return Math.min(17, Math.max(leastRadius(view), (3 + 0.9 * Math.sqrt(people)) * view.scale));
}

export function paintPlaces(ctx, view) {
  placesByClass().forEach((rows, k) => {
    const inFocus = (i) => state.circle < 0 || places.circle[i] === state.circle;
    if (state.circle >= 0) paintClass(ctx, view, rows.filter((i) => !inFocus(i)), classes[k], 0.22);
    paintClass(ctx, view, rows.filter(inFocus), classes[k], 1);
  });
  if (state.gap >= 0) outlineUnserved(ctx, view);
}

function paintClass(ctx, view, rows, kind, alpha) {
  if (!rows.length) return;
  ctx.globalAlpha = alpha;
  ctx.beginPath();
  eachInView(view, rows, places.xy, (i, x, y) => addShape(ctx, kind.shape, x, y, radiusOf(i, view)));
  const isDot = leastRadius(view) < 2;
  // The white edge lies under the fill, so that homes close together do not hide each other's colour.
  if (kind.shape !== 'ring' && !isDot) stroke(ctx, colour.paper, 1.6);
  ctx.fillStyle = fillOf(ctx, kind);
  ctx.fill();
  if (kind.shape === 'ring') stroke(ctx, colour.ink, isDot ? 0.9 : 1.8);
  if (kind.shape === 'hatch') stroke(ctx, colour.muted, isDot ? 0.6 : 1);
  ctx.globalAlpha = 1;
}

function stroke(ctx, style, width) {
  ctx.lineWidth = width;
  ctx.strokeStyle = style;
  ctx.stroke();
}

function outlineUnserved(ctx, view) {
  const norm = normOfColumn();
  if (!norm) return;
  placesByClass().forEach((rows, k) => {
    const late = rows.filter((i) => places.circle[i] === state.circle && walkS(state.column, i) > norm);
    ctx.beginPath();
    eachInView(view, late, places.xy, (i, x, y) => addShape(ctx, classes[k].shape, x, y, radiusOf(i, view)));
    stroke(ctx, colour.ink, 1.2);
  });
}

function eachInView(view, rows, xy, visit) {
  const [west, south, east, north] = view.box(20 / view.scale);
  rows.forEach((i) => {
    const x = xy[2 * i];
    const y = xy[2 * i + 1];
    if (x >= west && x <= east && y >= south && y <= north) visit(i, view.px(x), view.py(y));
  });
}

export function paintOutlets(ctx, view) {
  const shown = outletsOf(state.column);
  const r = shown.length > PIN_LIMIT ? 3 : Math.min(6, Math.max(4, 14 * view.scale));
  const add = shown.length > PIN_LIMIT ? (x, y) => addShape(ctx, 'square', x, y, r) : (x, y) => addPin(ctx, x, y, r);
  [true, false].forEach((isOpen) => {
    ctx.beginPath();
    eachInView(view, shown.filter((i) => (outlets.status[i] === 0) === isOpen), outlets.xy, (i, x, y) => add(x, y));
    ctx.lineWidth = 2;
    ctx.lineJoin = 'round';
    ctx.strokeStyle = isOpen ? colour.paper : colour.ink;
    ctx.stroke();
    ctx.fillStyle = isOpen ? colour.ink : colour.paper;
    ctx.fill();
  });
}

// The chosen home with a line to its nearest outlet, or the chosen outlet.
export function paintChosen(ctx, view) {
  if (state.place >= 0) {
    const i = state.place;
    const from = [view.px(places.xy[2 * i]), view.py(places.xy[2 * i + 1])];
    const goal = nearestOutlet(state.column, i);
    if (goal >= 0) line(ctx, from, [view.px(outlets.xy[2 * goal]), view.py(outlets.xy[2 * goal + 1])]);
    ring(ctx, from[0], from[1], radiusOf(i, view) + 5);
  }
  if (state.outlet >= 0) {
    ring(ctx, view.px(outlets.xy[2 * state.outlet]), view.py(outlets.xy[2 * state.outlet + 1]) - 9, 13);
  }
}

function line(ctx, from, to) {
  ctx.beginPath();
  ctx.moveTo(from[0], from[1]);
  ctx.lineTo(to[0], to[1]);
  ctx.setLineDash([4, 4]);
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = colour.ink;
  ctx.stroke();
  ctx.setLineDash([]);
}

function ring(ctx, x, y, r) {
  [[5, colour.paper], [2.5, colour.danger]].forEach(([width, style]) => {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 7);
    ctx.lineWidth = width;
    ctx.strokeStyle = style;
    ctx.stroke();
  });
}
