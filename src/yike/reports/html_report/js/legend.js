// Minutes and people, never colour alone: a bar of people and a row for each class.

import { columns, data, isDoubted, outletsOf, outlets, places, types, untoldWord } from './data.js';
import { UNKNOWN, UNREACHABLE, classes } from './colours.js';
import { byId, el, replace } from './dom.js';
import { placesByClass } from './paint_points.js';
import { showsSites } from './paint_sites.js';
import { state } from './state.js';
import { siteSwatch, swatch } from './shapes.js';
import { count, share } from './words.js';

export function peopleByClass() {
  return placesByClass().map((rows) => rows.reduce((sum, i) => {
    const isIn = state.circle < 0 || places.circle[i] === state.circle;
    return sum + (isIn ? places.people[i] || 0 : 0);
  }, 0));
}

export function showLegend() {
  const people = peopleByClass();
  const total = people.reduce((a, b) => a + b, 0);
  const open = outletsOf(state.column).filter((i) => outlets.status[i] === 0).length;
  const type = types[columns[state.column]];
  const where = state.circle < 0 ? '全部居民' : byId('map-circle').selectedOptions[0].textContent;
  const title = `${where}步行到最近的${type ? type.label : ''}`;
  if (untoldWord(state.column)) {
    showUntold(title);
    return;
  }
  replace(byId('legend'),
    el('p', null, el('b', null, title), el('span', null, `图上共 ${count(open)} 处营业`)),
    bar(people, total),
    isDoubted(state.column) ? el('p', null, el('span', null, DOUBT)) : null,
    el('ul', null, classes.map((kind, k) => row(kind, k, people[k], total)), showsSites() ? siteRows() : null));
  byId('map-said').textContent = `${title}：` + classes.map((kind, k) => `${kind.label} ${count(people[k])} 人`).join('，');
}

const DOUBT = '数据缺失：来源几乎没有收录这类业态，实际步行可能更短，不据此判断缺口。';
const UNTOLD = { 未调查: '数据包没有网点清单，不知道有没有，不等于没有。', 数据缺失: '来源没有收录这类业态，不知道有没有，不等于没有。' };

function showUntold(title) {
  const word = untoldWord(state.column);
  replace(byId('legend'), el('p', null, el('b', null, title)),
    el('ul', null, el('li', null, swatch(classes[UNKNOWN]), el('span', null, `${word}：${UNTOLD[word] || ''}`))));
  byId('map-said').textContent = `${title}：${word}`;
}

function siteRows() {
  const words = data.words.siting;
  return [['site', words.legend_sites], ['home', words.legend_homes]]
    .map(([kind, said]) => el('li', { class: 'wide' }, siteSwatch(kind), el('span', null, said)));
}

function bar(people, total) {
  return el('div', { class: 'people-bar', 'aria-hidden': 'true' }, classes.map((kind, k) => {
    const node = el('i', { class: kind.shape === 'hatch' ? 'hatch' : kind.shape === 'ring' ? 'ring' : null });
    node.style.flexGrow = total ? people[k] / total : 0;
    if (k < UNREACHABLE) node.style.background = kind.colour;
    return node;
  }));
}

function row(kind, k, people, total) {
  const isIn = (i) => state.circle < 0 || places.circle[i] === state.circle;
  if ((k === UNREACHABLE || k === UNKNOWN) && !placesByClass()[k].some(isIn)) return null;
  return el('li', { title: total ? share(people / total) : null }, swatch(kind), el('span', null, kind.label), el('b', null, count(people) + ' 人'));
}
