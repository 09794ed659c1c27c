// The map as a picture: for print, and to keep.

import { columns, meta, types, untoldWord } from './data.js';
import { byId } from './dom.js';
import { UNKNOWN, classes, colour } from './colours.js';
import { scaleBar } from './furniture.js';
import { peopleByClass } from './legend.js';
import { paintAll, view } from './map.js';
import { paintShape } from './shapes.js';
import { state } from './state.js';
import { count } from './words.js';

const WIDTH = 1000;
const HEIGHT = 640;
const LEGEND = 104;
const DENSE = 2;

export function mapPicture() {
  const sheet = document.createElement('canvas');
  sheet.width = WIDTH * DENSE;
  sheet.height = (HEIGHT + LEGEND) * DENSE;
  const ctx = sheet.getContext('2d');
  ctx.scale(DENSE, DENSE);
  const seen = view.copy();
  const k = Math.min(WIDTH / view.width, HEIGHT / view.height) * 0.97;
  Object.assign(seen, { width: WIDTH, height: HEIGHT, scale: view.scale * k });
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, WIDTH, HEIGHT);
  ctx.clip();
  paintAll(ctx, seen);
  ctx.restore();
  furnish(ctx, seen);
  drawLegend(ctx);
  return sheet;
}

function label(ctx, text, x, y, align, bold) {
  ctx.font = (bold ? 'bold ' : '') + '16px ' + getComputedStyle(document.body).fontFamily;
  ctx.textAlign = align;
  ctx.textBaseline = 'middle';
  ctx.lineWidth = 4;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = colour.paper;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour.ink;
  ctx.fillText(text, x, y);
}

function furnish(ctx, seen) {
  const bar = scaleBar(seen);
  ctx.fillStyle = 'rgba(255,255,255,.86)';
  ctx.fillRect(6, HEIGHT - 80, bar.px + 16, 40);
  ctx.fillRect(6, HEIGHT - 34, WIDTH - 12, 28);
  ctx.fillStyle = colour.ink;
  ctx.fillRect(14, HEIGHT - 52, bar.px, 4);
  label(ctx, bar.words, 14, HEIGHT - 66, 'left');
  label(ctx, `${byId('map').getAttribute('data-review')}　数据日期 ${meta.date}${meta.invented ? '　虚构' : ''}`, 14, HEIGHT - 18, 'left');
  label(ctx, meta.attribution, WIDTH - 14, HEIGHT - 18, 'right');
  label(ctx, '北', WIDTH - 26, 56, 'center', true);
  ctx.beginPath();
  [[0, -34], [9, -6], [0, -13], [-9, -6]].forEach(([x, y]) => ctx.lineTo(WIDTH - 26 + x, 46 + y));
  ctx.closePath();
  ctx.fillStyle = colour.ink;
  ctx.fill();
  ctx.lineWidth = 1;
  ctx.strokeStyle = colour.edge;
  ctx.strokeRect(0.5, 0.5, WIDTH - 1, HEIGHT - 1);
}

function drawLegend(ctx) {
  const type = types[columns[state.column]];
  ctx.fillStyle = colour.paper;
  ctx.fillRect(0, HEIGHT, WIDTH, LEGEND);
  label(ctx, `步行到最近的${type ? type.label : ''}（居民）`, 4, HEIGHT + 20, 'left', true);
  if (untoldWord(state.column)) {
    paintShape(ctx, classes[UNKNOWN], 12, HEIGHT + 46, 6);
    label(ctx, untoldWord(state.column), 28, HEIGHT + 46, 'left');
    return;
  }
  peopleByClass().forEach((people, k) => {
    const x = 12 + (k % 4) * 250;
    const y = HEIGHT + 46 + Math.floor(k / 4) * 26;
    paintShape(ctx, classes[k], x, y, 6);
    label(ctx, `${classes[k].label}　${count(people)} 人`, x + 16, y, 'left');
  });
}

export function showPrintPicture() {
  const picture = byId('print-map');
  picture.src = mapPicture().toDataURL('image/png');
}

export function savePicture() {
  const link = document.createElement('a');
  link.download = `${meta.name}-地图.png`;
  link.href = mapPicture().toDataURL('image/png');
  link.click();
}
