// The chosen sites with their numbers, and the homes that they newly serve in the colour of their new minutes.

import { places } from './data.js';
import { classOf, classes, colour } from './colours.js';
import { radiusOf } from './paint_points.js';
import { addShape } from './shapes.js';
import { linesOfPlan, sited, xyOf } from './siting_data.js';
import { state } from './state.js';

export const SITE_R = 12;

// Whether the map shows a plan of the type that it is painted for.
export function showsSites() {
  return state.tab === 'siting' && state.siting >= 0 && sited[state.siting].col === state.column;
}

export function paintSites(ctx, view) {
  if (!showsSites()) return;
  const lines = linesOfPlan(state.siting, state.k);
  lines.forEach((line, j) => paintHomes(ctx, view, line, j));
  eachSite(view, (j, x, y) => marker(ctx, x, y, j));
}

// Screen position of each site, the first on top of the others.
export function eachSite(view, visit) {
  const xy = xyOf(state.siting);
  const rows = sited[state.siting].plans[state.k - 1].sites;
  for (let j = rows.length - 1; j >= 0; j--) visit(j, view.px(xy[2 * rows[j]]), view.py(xy[2 * rows[j] + 1]));
}

function paintHomes(ctx, view, line, j) {
  const isChosen = state.site < 0 || state.site === j;
  const byClass = {};
  line.homes.forEach((home) => {
    const k = classOf(home.s);
    (byClass[k] = byClass[k] || []).push(home.place);
  });
  Object.keys(byClass).forEach((k) => {
    ctx.beginPath();
    byClass[k].forEach((i) => addShape(ctx, classes[k].shape, view.px(places.xy[2 * i]), view.py(places.xy[2 * i + 1]), Math.max(3.2, radiusOf(i, view))));
    ctx.lineWidth = isChosen ? 5 : 3;
    ctx.strokeStyle = isChosen ? colour.ink : colour.muted;
    ctx.stroke();
    ctx.lineWidth = 2;
    ctx.strokeStyle = colour.paper;
    ctx.stroke();
    ctx.fillStyle = classes[k].colour;
    ctx.fill();
  });
}

function marker(ctx, x, y, j) {
  const isChosen = state.site === j;
  ctx.beginPath();
  ctx.rect(x - SITE_R, y - SITE_R, 2 * SITE_R, 2 * SITE_R);
  ctx.lineWidth = isChosen ? 6 : 4;
  ctx.strokeStyle = isChosen ? colour.danger : colour.paper;
  ctx.stroke();
  ctx.fillStyle = colour['primary-hover'];
  ctx.fill();
  ctx.fillStyle = colour.paper;
  ctx.font = 'bold 14px ' + getComputedStyle(document.body).fontFamily;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillText(String(j + 1), x, y + 1);
}
