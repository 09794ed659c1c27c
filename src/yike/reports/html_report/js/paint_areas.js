// Outlines of circles and communities, and isochrones.

import { data } from './data.js';
import { linesOf, pointsOf } from './decode.js';
import { colour } from './colours.js';
import { state } from './state.js';
import { trace } from './view.js';

const layers = {};
['circles', 'communities'].forEach((name) => {
  if (data.map[name]) layers[name] = linesOf(data.map[name]);
});
const SMALLEST_PX = 12; // holes and islands smaller than this are not drawn
const isochrones = data.map.isochrones;
const shapes = isochrones.xy ? linesOf(isochrones) : null;
export const DASH = { 300: [], 600: [9, 4], 900: [2, 4] };

const nameAt = data.map.circles ? pointsOf(data.map.circles.at) : null;

export const isochroneCutoffs = shapes ? Array.from(new Set(isochrones.cutoff_s)).sort((a, b) => a - b) : [];

export function paintIsochrones(ctx, view) {
  if (!shapes) return;
  state.isochrones.slice().sort((a, b) => b - a).forEach((cutoff) => {
    const wanted = (ring) => {
      const i = shapes.owner[ring];
      return isochrones.cutoff_s[i] === cutoff && (state.circle < 0 || isochrones.circle[i] === state.circle)
        && (shapes.box[4 * ring + 2] - shapes.box[4 * ring]) * view.scale > SMALLEST_PX;
    };
    ctx.beginPath();
    trace(ctx, view, shapes, true, wanted);
    ctx.globalAlpha = 0.08;
    ctx.fillStyle = colour.isochrone;
    ctx.fill('nonzero');
    ctx.globalAlpha = 1;
    outline(ctx, colour.isochrone, 1.8, DASH[cutoff] || [1, 3]);
  });
}

function outline(ctx, style, width, dash) {
  ctx.setLineDash(dash);
  ctx.strokeStyle = style;
  ctx.lineWidth = width;
  ctx.stroke();
  ctx.setLineDash([]);
}

export function paintAreas(ctx, view) {
  ctx.lineJoin = 'round';
  if (layers.communities) draw(ctx, view, layers.communities, colour.muted, 1, [3, 3]);
  if (!layers.circles) return;
  draw(ctx, view, layers.circles, colour.paper, 4, []);
  draw(ctx, view, layers.circles, colour['primary-hover'], 1.5, [10, 4, 2, 4]);
  if (state.circle < 0) return;
  ctx.beginPath();
  trace(ctx, view, layers.circles, true, (ring) => layers.circles.owner[ring] === state.circle);
  outline(ctx, colour['primary-hover'], 3, []);
}

function draw(ctx, view, layer, style, width, dash) {
  ctx.beginPath();
  trace(ctx, view, layer, true);
  outline(ctx, style, width, dash);
}

export function boundsOfCircle(circle) {
  const layer = layers.circles;
  const found = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; layer && i < layer.n; i++) {
    if (layer.owner[i] !== circle) continue;
    const box = layer.box.subarray(4 * i, 4 * i + 4);
    found[0] = Math.min(found[0], box[0]);
    found[1] = Math.min(found[1], box[1]);
    found[2] = Math.max(found[2], box[2]);
    found[3] = Math.max(found[3], box[3]);
  }
  return isFinite(found[0]) ? found : null;
}

// Names inside each circle, where they fit and do not touch; the chosen one always.
export function paintCircleNames(ctx, view) {
  const taken = [];
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  const order = data.circles.map((_, c) => c).sort((a, b) => (b === state.circle) - (a === state.circle) || a - b);
  order.forEach((c) => {
    const bounds = boundsOfCircle(c);
    if (!bounds) return;
    const isChosen = c === state.circle;
    const circle = data.circles[c];
    ctx.font = (isChosen ? 'bold 14px ' : '13px ') + getComputedStyle(document.body).fontFamily;
    const half = ctx.measureText(circle.name).width / 2 + 6;
    const x = view.px(nameAt[2 * c]);
    const y = view.py(nameAt[2 * c + 1]);
    const fits = isChosen || (bounds[2] - bounds[0]) * view.scale > 2 * half;
    if (!fits || taken.some((t) => Math.abs(t[0] - x) < t[2] + half && Math.abs(t[1] - y) < 20)) return;
    taken.push([x, y, half]);
    ctx.globalAlpha = 0.82;
    ctx.fillStyle = colour.paper;
    ctx.fillRect(x - half, y - 11, 2 * half, 22);
    ctx.globalAlpha = 1;
    ctx.fillStyle = colour['primary-hover'];
    ctx.fillText(circle.name, x, y + 1);
  });
}
