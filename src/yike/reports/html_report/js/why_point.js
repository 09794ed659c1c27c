// What one home reaches, and whom one outlet serves.

import { circles, columns, data, isAttached, nPlaces, nearestOutlet, outlets, places, types, walkS } from './data.js';
import { el } from './dom.js';
import { link, origin, part, rows } from './why_parts.js';
import { count, normMinutes, timeWords } from './words.js';

const circleName = (c) => (c >= 0 ? circles[c].name : '圈外');

export function reasonsOfPlace(text) {
  const i = +text;
  const isLost = !isAttached(i);
  const lines = columns.map((type, col) => {
    const goal = nearestOutlet(col, i);
    const rule = types[type];
    const late = rule.norm_s && walkS(col, i) > rule.norm_s;
    return el('tr', null, el('th', { scope: 'row' }, rule.label),
      el('td', { class: 'num' + (late ? ' late' : '') }, timeWords(col, i), late ? el('span', { class: 'sr' }, '超过时限') : null),
      el('td', { class: 'num' }, rule.norm_s ? (late ? '> ' : '≤ ') + normMinutes(rule.norm_s) : '–'),
      el('td', null, goal >= 0 ? link(outlets.name[goal] || outlets.id[goal], 'outlet:' + goal) : '–'));
  });
  return { title: places.name[i] || places.id[i], parts: [
    el('p', { class: 'verdict' }, `${circleName(places.circle[i])} · ${count(places.people[i])} 人 · ${places.row[i] >= 0 ? `居住点表第 ${places.row[i]} 行` : places.id[i]}`),
    isLost ? part('未接入', el('p', null, '离可步行道路超过 200 米，没有接入步行网络，所以没有步行时间；它不算够得着，也不算 0。'))
      : rows('步行到最近一处', ['业态', { num: '分钟' }, { num: '时限' }, '网点'], lines),
    origin(),
  ] };
}

export function reasonsOfOutlet(text) {
  const i = +text;
  const words = data.words;
  const served = [];
  for (let k = outlets.service_ptr[i]; k < outlets.service_ptr[i + 1]; k++) served.push(outlets.service[k]);
  const lines = served.map((col) => {
    let [people, near] = [0, 0];
    const norm = types[columns[col]].norm_s;
    for (let p = 0; p < nPlaces; p++) {
      if (nearestOutlet(col, p) !== i) continue;
      people += places.people[p] || 0;
      if (norm && walkS(col, p) <= norm) near += places.people[p] || 0;
    }
    return el('tr', null, el('th', { scope: 'row' }, types[columns[col]].label), el('td', { class: 'num' }, count(people)),
      el('td', { class: 'num' }, norm ? count(near) : '–'));
  });
  const about = [['业态', outlets.type[i] >= 0 ? types[outlets.type[i]].label : '未归类'], ['生活圈', circleName(outlets.circle[i])],
    ['状态', words.outletStatus[outlets.status[i]]], ['品牌连锁', words.tri[outlets.chain[i] + 1]],
    ['营业时间', outlets.hours[i] || words.unknown], ['无人值守', outlets.unstaffed.includes(i) ? '是' : '否'],
    ['数据行', outlets.row[i] >= 0 ? `网点表第 ${outlets.row[i]} 行` : '–'], ['编号', outlets.id[i]]];
  return { title: outlets.name[i] || outlets.id[i], parts: [
    el('dl', { class: 'about' }, about.map(([name, value]) => [el('dt', null, name), el('dd', null, value)])),
    rows('离它最近的居民', ['业态', { num: '人' }, { num: '其中时限内' }], lines),
    origin(),
  ] };
}
