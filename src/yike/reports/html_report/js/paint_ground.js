// The quiet ground: water, green, buildings, streets, street names.

import { data } from './data.js';
import { linesOf, pointsOf } from './decode.js';
import { colour } from './colours.js';
import { trace } from './view.js';

const ground = {};
Object.keys(data.map.ground).forEach((name) => { ground[name] = linesOf(data.map.ground[name]); });
const streets = {};
Object.keys(data.map.streets).forEach((name) => { streets[name] = linesOf(data.map.streets[name]); });
const names = Object.assign({}, data.map.names, { xy: pointsOf(data.map.names) });

const OVERVIEW_BELOW = 0.07; // pixels per metre
const CASED_FROM = 0.16;
const BUILDINGS_FROM = 0.12;
const NAMES_FROM = 0.22;

export function paintGround(ctx, view) {
  ctx.fillStyle = colour['map-ground'];
  ctx.fillRect(0, 0, view.width, view.height);
  fillAreas(ctx, view, ground.water, colour['map-water']);
  fillAreas(ctx, view, ground.green, colour['map-green']);
  if (ground.stream && view.scale >= OVERVIEW_BELOW) stroke(ctx, view, ground.stream, colour['map-water'], Math.min(6, Math.max(1, 5 * view.scale)));
  paintStreets(ctx, view);
  if (ground.rail && view.scale >= OVERVIEW_BELOW) paintRail(ctx, view);
  if (view.scale >= BUILDINGS_FROM) fillAreas(ctx, view, ground.buildings, colour['map-building']);
}

function fillAreas(ctx, view, layer, fill) {
  if (!layer) return;
  ctx.beginPath();
  trace(ctx, view, layer, true);
  ctx.fillStyle = fill;
  ctx.fill('nonzero');
}

function paintRail(ctx, view) {
  ctx.lineCap = 'butt';
  stroke(ctx, view, ground.rail, colour['map-rail'], 2);
  ctx.setLineDash([5, 5]);
  stroke(ctx, view, ground.rail, colour['map-street'], 1);
  ctx.setLineDash([]);
}

function paintStreets(ctx, view) {
  ctx.lineCap = ctx.lineJoin = 'round';
  if (view.scale < OVERVIEW_BELOW) {
    stroke(ctx, view, streets.overview, colour['map-street-edge'], 1);
    return;
  }
  const isCased = view.scale >= CASED_FROM;
  const wide = Math.min(14, Math.max(1.6, 12 * view.scale));
  const slim = Math.min(9, Math.max(1, 7 * view.scale));
  const thin = Math.min(2.5, Math.max(0.7, 2 * view.scale));
  stroke(ctx, view, streets.path, colour['map-path'], thin);
  stroke(ctx, view, streets.side, colour['map-street-edge'], isCased ? slim + 1 : 0.9);
  stroke(ctx, view, streets.main, colour['map-street-edge'], isCased ? wide + 1.5 : 1.8);
  if (!isCased) return;
  stroke(ctx, view, streets.side, colour['map-street'], slim - 0.5);
  stroke(ctx, view, streets.main, colour['map-street'], wide);
}

function stroke(ctx, view, layer, style, width) {
  ctx.beginPath();
  trace(ctx, view, layer, false);
  ctx.strokeStyle = style;
  ctx.lineWidth = width;
  ctx.stroke();
}

// Longest streets first; a name that would touch another is left out.
export function paintNames(ctx, view) {
  if (view.scale < NAMES_FROM) return;
  const taken = [];
  ctx.font = '12px ' + getComputedStyle(document.body).fontFamily;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  for (let i = 0; i < names.name.length && taken.length < 60; i++) {
    const x = view.px(names.xy[2 * i]);
    const y = view.py(names.xy[2 * i + 1]);
    if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
    const reach = names.name[i].length * 6.5 + 6;
    if (names.along[i] * view.scale < 2 * reach) continue;
    if (taken.some((t) => Math.hypot(t[0] - x, t[1] - y) < t[2] + reach)) continue;
    taken.push([x, y, reach]);
    write(ctx, names.name[i], x, y, -names.angle[i] * Math.PI / 180);
  }
}

function write(ctx, text, x, y, angle) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  ctx.lineWidth = 3;
  ctx.strokeStyle = colour['map-street'];
  ctx.strokeText(text, 0, 0);
  ctx.fillStyle = colour['map-name'];
  ctx.fillText(text, 0, 0);
  ctx.restore();
}
