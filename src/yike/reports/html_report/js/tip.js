// The small card beside the pointer.

import { columns, data, outlets, places, types } from './data.js';
import { byId, el, replace } from './dom.js';
import { isEqual, linesOfPlan, sited } from './siting_data.js';
import { state } from './state.js';
import { count, fill, minutes, timeWords } from './words.js';

const tip = byId('map-tip');
const words = data.words.siting;

export function showTip(found, here) {
  replace(tip, found.site >= 0 ? siteLines(found.site) : found.outlet >= 0 ? outletLines(found.outlet) : placeLines(found.place));
  tip.hidden = false;
  const right = here[0] > tip.parentNode.clientWidth - 230;
  tip.style.left = right ? 'auto' : here[0] + 14 + 'px';
  tip.style.right = right ? tip.parentNode.clientWidth - here[0] + 14 + 'px' : 'auto';
  tip.style.top = Math.max(4, here[1] - 20) + 'px';
}

export function hideTip() {
  tip.hidden = true;
}

function siteLines(j) {
  const one = sited[state.siting];
  const line = linesOfPlan(state.siting, state.k)[j];
  const said = fill(words.line, { people: count(line.people), unit: isEqual ? words.homes : words.people, minutes: minutes(line.mean_s) });
  return [el('b', null, `${j + 1} ${one.sites.name[line.row]}`), el('span', null, said)];
}

function outletLines(i) {
  return [el('b', null, outlets.name[i] || outlets.id[i]), el('span', null, typeName(outlets.type[i])),
    el('span', null, outlets.row[i] >= 0 ? `网点表第 ${outlets.row[i]} 行` : '')];
}

function placeLines(i) {
  return [el('b', null, places.name[i] || places.id[i]), el('span', null, count(places.people[i]) + ' 人'),
    el('span', null, `到${typeName(columns[state.column])}：${withUnit(timeWords(state.column, i))}`)];
}

const withUnit = (words) => (/^[\d.]+$/.test(words) ? words + ' 分钟' : words);

export function typeName(type) {
  return type >= 0 ? types[type].label : '未归类';
}
