// The map: one canvas, painted when something changed.

import { data, nearestOutlet, outlets, places, placesOfCircle } from './data.js';
import { byId } from './dom.js';
import { showScale } from './furniture.js';
import { boundsOfCircle, paintAreas, paintCircleNames, paintIsochrones } from './paint_areas.js';
import { paintGround, paintNames } from './paint_ground.js';
import { paintSites, showsSites } from './paint_sites.js';
import { boundsOfSites } from './siting_data.js';
import { paintChosen, paintOutlets, paintPlaces } from './paint_points.js';
import { state } from './state.js';
import { View } from './view.js';

const SLOW_MS = 40; // a map that paints slower than this follows the hand as a picture
const SETTLE_MS = 140;
const canvas = byId('map-canvas');
const box = byId('map');
let painted = null; // the view as last painted
let lastMs = 0;
let frame = 0;
let settle = 0;

export const view = new View();

export function paintAll(ctx, seen) {
  paintGround(ctx, seen);
  paintIsochrones(ctx, seen);
  paintAreas(ctx, seen);
  paintNames(ctx, seen);
  paintPlaces(ctx, seen);
  paintOutlets(ctx, seen);
  paintSites(ctx, seen);
  paintChosen(ctx, seen);
  paintCircleNames(ctx, seen);
}

export function paint() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(paintNow);
}

// While the hand moves a heavy map, shift the picture; paint when it rests.
export function follow() {
  if (lastMs < SLOW_MS || !painted) {
    paint();
    return;
  }
  const k = view.scale / painted.scale;
  const dx = view.px(painted.x) - view.width / 2;
  const dy = view.py(painted.y) - view.height / 2;
  canvas.style.transform = `translate(${dx}px,${dy}px) scale(${k})`;
  showScale(view);
  clearTimeout(settle);
  settle = setTimeout(paint, SETTLE_MS);
}

function paintNow() {
  const start = performance.now();
  const dense = Math.min(2, window.devicePixelRatio || 1);
  const [width, height] = [Math.round(view.width * dense), Math.round(view.height * dense)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const ctx = canvas.getContext('2d');
  ctx.setTransform(dense, 0, 0, dense, 0, 0);
  paintAll(ctx, view);
  canvas.style.transform = '';
  painted = view.copy();
  lastMs = performance.now() - start;
  showScale(view);
  box.setAttribute('data-scale', view.scale.toFixed(4));
}

export function goHome() {
  const bounds = state.circle >= 0 ? boundsOfCircle(state.circle) : null;
  const sites = showsSites() ? boundsOfSites(state.siting) : null;
  view.fit(bounds ? withNearest(bounds) : sites || data.map.bounds, 30);
  paint();
}

// A circle with the outlets its residents walk to, as far as they lie within half its width around it.
function withNearest(bounds) {
  const reach = 0.5 * Math.max(bounds[2] - bounds[0], bounds[3] - bounds[1]);
  const wide = bounds.slice();
  new Set(placesOfCircle(state.circle).map((i) => nearestOutlet(state.column, i))).forEach((o) => {
    if (o < 0) return;
    const [x, y] = [outlets.xy[2 * o], outlets.xy[2 * o + 1]];
    if (x < bounds[0] - reach || x > bounds[2] + reach || y < bounds[1] - reach || y > bounds[3] + reach) return;
    wide[0] = Math.min(wide[0], x);
    wide[1] = Math.min(wide[1], y);
    wide[2] = Math.max(wide[2], x);
    wide[3] = Math.max(wide[3], y);
  });
  return wide;
}

// Brings a point into sight without turning the map over.
export function goTo(x, y) {
  const [west, south, east, north] = view.box(-60 / view.scale);
  if (x < west || x > east || y < south || y > north || view.scale < 0.25) {
    view.x = x;
    view.y = y;
    view.scale = Math.max(view.scale, 0.4);
  }
  paint();
}

export const goToPlace = (i) => goTo(places.xy[2 * i], places.xy[2 * i + 1]);
export const goToOutlet = (i) => goTo(outlets.xy[2 * i], outlets.xy[2 * i + 1]);

export function measure() {
  const isFirst = view.width === 1;
  view.width = box.clientWidth;
  view.height = box.clientHeight;
  if (!view.width || !view.height) return;
  if (isFirst) goHome();
  else paint();
}
