// Why a type is, or is not, there in a circle; and why a bundle is.

import { circles, columnOfType, data, gapRow, nearestOutlet, outlets, outletsOf, places, placesOfCircle, types, walkS } from './data.js';
import { el, signNode } from './dom.js';
import { clause, clauses, link, origin, part, rows, sum } from './why_parts.js';
import { count, isKnown, minutes, normMinutes, share, shareLimit, signOf } from './words.js';

const gaps = data.gaps;
const LISTED = 8;
const STATE_WHY = {
  2: '来源几乎没有收录这类业态，所以说不清有没有，不算缺口。补一份这类网点的清单后即可判断。',
  3: '数据包没有网点清单，因此没有调查过，不等于没有。',
  4: '没有可用的人数，或居住点都未接入步行网络，算不出覆盖率。',
  5: '所用规则包不要求这类业态，列出供参考。',
};

export function reasonsOfType(circleText, typeText) {
  const [circle, type] = [+circleText, +typeText];
  const row = gapRow(circle, type);
  const rule = types[type];
  const g = {
    state: gaps.state[row], share: gaps.share[row], required: gaps.required[row],
    norm: gaps.norm_s[row], people: gaps.people[row], column: columnOfType(type),
  };
  const sign = signOf(g.state, g.share, g.required);
  return { title: `${rule.label} · ${circles[circle].name}`, parts: [
    verdict(sign, g),
    equalWeights(circle),
    arithmetic(circle, type, g),
    affected(row, g),
    change(circle, type, g),
    options(circle, type, g),
    clauses([clause('时限', rule.src && rule.src[1]), clause('覆盖要求', rule.src && rule.src[2]), clause('要求这类业态', rule.src && rule.src[0])]),
    homes(circle, g),
    shops(circle, g),
    origin(),
  ] };
}

function verdict(sign, g) {
  const asked = `要求 ${shareLimit(g.required)} 的居民在 ${normMinutes(g.norm)} 分钟内走到`;
  const words = isKnown(g.share) ? `${share(g.share)} 的居民 ${normMinutes(g.norm)} 分钟内走得到；${asked}` : STATE_WHY[g.state] || asked;
  return el('p', { class: 'verdict' }, signNode(sign, true), ' ', words, isKnown(g.share) && STATE_WHY[g.state] ? `。${STATE_WHY[g.state]}` : '');
}

function equalWeights(circle) {
  return data.extras.weights[circle] === 'equal' ? el('p', { class: 'fine' }, '人数未知：覆盖率按居住点个数计，各处同等权重（估算）。') : null;
}

function arithmetic(circle, type, g) {
  const at = data.coverage.columns.indexOf(type);
  const reached = at < 0 ? null : data.coverage.in_norm[circle][at];
  if (!isKnown(g.share) || !isKnown(reached)) return null;
  const unknown = circles[circle].people - circles[circle].attached;
  return part('算式', sum(count(reached), '人走得到', count(circles[circle].attached), '人（接入网络）', share(g.share)),
    unknown > 0 ? el('p', { class: 'fine' }, `另有 ${count(unknown)} 人未接入步行网络，不计入分母。`) : null);
}

function affected(row, g) {
  if (!isKnown(g.people)) return null;
  const bands = gaps.bands.map((band, k) => [data.bands[band] || band, gaps.by_band[row] ? gaps.by_band[row][k] : null])
    .filter(([, n]) => isKnown(n)).map(([name, n]) => `${name} ${count(n)} 人`);
  return part('影响', el('p', null, el('b', null, count(g.people)), ` 人超过时限，合计超时 ${count(gaps.person_minutes[row])} 人·分钟`,
    bands.length ? `；其中 ${bands.join('、')}` : ''));
}

function change(circle, type, g) {
  if (g.state !== 1 || !isKnown(g.share)) return null;
  const attached = circles[circle].attached;
  const at = data.coverage.columns.indexOf(type);
  const needed = Math.ceil(g.required * attached - data.coverage.in_norm[circle][at] - 1e-6);
  return part('怎样会改变', el('p', null, '再有 ', el('b', null, count(Math.max(0, needed))), ` 人能在 ${normMinutes(g.norm)} 分钟内走到一处，即达标。`,
    '开办或补录一处网点、打开小区门、补上步行路，都会改变这个数。'));
}

// Suggestions that the program worked out, where it did.
function options(circle, type, g) {
  const list = data.extras.options[gapRow(circle, type)];
  if (!list || g.state !== 1) return null;
  return part('可以怎样补', el('ol', { class: 'options' }, list.map((o) => el('li', null, o.text, o.estimate ? el('span', { class: 'mark-inferred' }, '估算') : null))));
}

function homes(circle, g) {
  if (g.column < 0 || !isKnown(g.norm)) return null;
  const late = placesOfCircle(circle).filter((i) => walkS(g.column, i) > g.norm);
  late.sort((a, b) => (walkS(g.column, b) === walkS(g.column, a) ? a - b : walkS(g.column, b) - walkS(g.column, a)));
  const lines = late.slice(0, LISTED).map((i) => {
    const goal = nearestOutlet(g.column, i);
    return el('tr', null, el('th', { scope: 'row' }, link(places.name[i] || places.id[i], 'place:' + i)),
      el('td', { class: 'num' }, count(places.people[i])), el('td', { class: 'num' }, minutes(walkS(g.column, i))),
      el('td', null, goal >= 0 ? link(outlets.name[goal] || outlets.id[goal], 'outlet:' + goal) : '–'),
      el('td', { class: 'num' }, places.row[i] >= 0 ? places.row[i] : '–'));
  });
  return rows(`够不着的居住点（${count(late.length)} 处，最久的在前）`, ['居住点', { num: '人' }, { num: '分钟' }, '最近的网点', { num: '行' }], lines,
    late.length > LISTED ? '其余见“居住点”表。' : '');
}

function shops(circle, g) {
  if (g.column < 0) return null;
  const served = {};
  placesOfCircle(circle).forEach((i) => {
    const goal = nearestOutlet(g.column, i);
    if (goal >= 0) served[goal] = (served[goal] || 0) + (places.people[i] || 0);
  });
  const inside = outletsOf(g.column).filter((i) => outlets.circle[i] === circle || served[i]);
  inside.sort((a, b) => (served[b] || 0) - (served[a] || 0) || a - b);
  const lines = inside.slice(0, LISTED).map((i) => el('tr', null,
    el('th', { scope: 'row' }, link(outlets.name[i] || outlets.id[i], 'outlet:' + i)),
    el('td', null, outlets.circle[i] === circle ? '圈内' : '圈外'), el('td', null, data.words.outletStatus[outlets.status[i]]),
    el('td', { class: 'num' }, count(served[i] || 0)), el('td', { class: 'num' }, outlets.row[i] >= 0 ? outlets.row[i] : '–')));
  return rows(`有关的网点（${count(inside.length)} 处）`, ['网点', '位置', '状态', { num: '离它最近的人' }, { num: '行' }], lines);
}

// All types of a group, or all gaps, of a circle.
export function reasonsOfGroup(circleText, group) {
  const circle = +circleText;
  const wanted = { gap: (i) => gaps.state[i] === 1, untold: (i) => [2, 3, 4].includes(gaps.state[i]) }[group]
    || ((i) => types[gaps.type[i]].group === group);
  const names = { basic: '基本保障类业态', quality: '品质提升类业态', gap: '缺口', untold: '说不清的业态' };
  const lines = gaps.type.map((_, i) => i).filter((i) => gaps.circle[i] === circle && wanted(i)).map((i) => el('tr', null,
    el('th', { scope: 'row' }, link(types[gaps.type[i]].label, `type:${circle}:${gaps.type[i]}`)),
    el('td', null, signNode(signOf(gaps.state[i], gaps.share[i], gaps.required[i]), true)),
    el('td', { class: 'num' }, share(gaps.share[i])), el('td', { class: 'num' }, shareLimit(gaps.required[i]))));
  return { title: `${names[group]} · ${circles[circle].name}`, parts: [
    el('p', { class: 'verdict' }, '一类业态在时限内走得到的居民达到要求比例，才算具备。'),
    rows('各业态', ['业态', '状态', { num: '够得着' }, { num: '要求' }], lines),
    origin(),
  ] };
}

export function reasonsOfBundle(circleText, code) {
  const circle = +circleText;
  const bundle = data.bundles.find((b) => b.code === code);
  const found = (data.extras.bundles[circle] || []).find((b) => b.code === code);
  const lines = (found ? found.slots : []).map((slot, k) => el('li', null,
    el('b', null, bundle && bundle.slots[k] || ''), ` ${['met', 'gap'].includes(slot.state) ? share(slot.share) : '说不清'} / ${shareLimit(slot.share_required)}`,
    slot.cols.map((col) => [' ', link(types[data.access.types[col]].label, `type:${circle}:${data.access.types[col]}`)])));
  return { title: `${bundle ? bundle.label : code} · ${circles[circle].name}`, parts: [
    el('p', { class: 'verdict' }, found && isKnown(found.share_all) ? `${share(found.share_all)} 的居民每一项都够得着。逐个居住点计算，不是各项相乘。` : data.words.unknown),
    part('各项', el('ul', { class: 'plain' }, lines)),
    clauses([clause('依据', bundle ? bundle.src : -1)]),
    origin(),
  ] };
}
