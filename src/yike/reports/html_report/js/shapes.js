// The shapes of the minute classes, as canvas paths and as legend pictures.

import { colour } from './colours.js';

export function addShape(ctx, shape, x, y, r) {
  if (shape === 'square') {
    ctx.rect(x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r);
  } else if (shape === 'triangle') {
    ctx.moveTo(x, y - 1.25 * r);
    ctx.lineTo(x + 1.15 * r, y + 0.8 * r);
    ctx.lineTo(x - 1.15 * r, y + 0.8 * r);
    ctx.closePath();
  } else if (shape === 'diamond') {
    ctx.moveTo(x, y - 1.3 * r);
    ctx.lineTo(x + 1.3 * r, y);
    ctx.lineTo(x, y + 1.3 * r);
    ctx.lineTo(x - 1.3 * r, y);
    ctx.closePath();
  } else {
    ctx.moveTo(x + r, y);
    ctx.arc(x, y, r, 0, 7);
  }
}

let hatch = null;

export function fillOf(ctx, kind) {
  if (kind.shape !== 'hatch') return kind.colour;
  if (!hatch) {
    const tile = document.createElement('canvas');
    tile.width = tile.height = 5;
    const pen = tile.getContext('2d');
    pen.fillStyle = colour.paper;
    pen.fillRect(0, 0, 5, 5);
    pen.strokeStyle = colour.muted;
    pen.lineWidth = 1.2;
    pen.beginPath();
    [-5, 0, 5].forEach((k) => { pen.moveTo(k, 5); pen.lineTo(k + 5, 0); });
    pen.stroke();
    hatch = tile;
  }
  return ctx.createPattern(hatch, 'repeat');
}

// A small picture of a class for the legend.
export function swatch(kind) {
  const size = 16;
  const node = document.createElement('canvas');
  node.width = node.height = 2 * size;
  node.style.width = node.style.height = size + 'px';
  const ctx = node.getContext('2d');
  ctx.scale(2, 2);
  paintShape(ctx, kind, size / 2, size / 2, 5.5);
  return node;
}

// A numbered site, or a home that a site newly serves.
export function siteSwatch(kind) {
  const size = 16;
  const node = document.createElement('canvas');
  node.width = node.height = 2 * size;
  node.style.width = node.style.height = size + 'px';
  const ctx = node.getContext('2d');
  ctx.scale(2, 2);
  ctx.beginPath();
  if (kind === 'site') ctx.rect(2, 2, 12, 12);
  else ctx.arc(8, 8, 4.5, 0, 7);
  ctx.lineWidth = 4.5;
  ctx.strokeStyle = kind === 'site' ? colour.paper : colour.ink;
  ctx.stroke();
  ctx.lineWidth = 1.6;
  ctx.strokeStyle = colour.paper;
  ctx.stroke();
  ctx.fillStyle = kind === 'site' ? colour['primary-hover'] : colour.unknown;
  ctx.fill();
  return node;
}

export function paintShape(ctx, kind, x, y, r) {
  ctx.beginPath();
  addShape(ctx, kind.shape, x, y, r);
  ctx.fillStyle = fillOf(ctx, kind);
  ctx.fill();
  ctx.lineWidth = kind.shape === 'ring' ? 2 : 1;
  ctx.strokeStyle = kind.shape === 'ring' ? colour.ink : colour.edge;
  ctx.stroke();
}

// A pin whose point stands on the outlet.
export function addPin(ctx, x, y, r) {
  ctx.moveTo(x, y);
  ctx.lineTo(x - 0.86 * r, y - 1.75 * r);
  ctx.arc(x, y - 2.25 * r, r, 2.62, 0.52);
  ctx.closePath();
}
