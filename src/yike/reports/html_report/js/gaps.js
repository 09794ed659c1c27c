// The list of gaps: filters, order, sum, choosing.

import { data, circles, columnOfType, types } from './data.js';
import { all, byId, el, replace, signNode } from './dom.js';
import { change, state, watch } from './state.js';
import { openFromList } from './why.js';
import { count, isKnown, normMinutes, share, shareLimit, signOf, sourceWords } from './words.js';

const gaps = data.gaps;
const chosen = { state: 'gap', group: '', circle: -1, order: 'rank' };
const MAX_ROWS = 500;

const STATES = { gap: [1], untold: [2, 3, 4], met: [0], quiet: [5] };
const STATE_WORDS = { gap: '缺口', untold: '说不清', met: '达标', quiet: '不要求' };
const GROUPS = { '': '全部', basic: '基本', quality: '品质', facility: '设施' };
const ORDERS = { rank: '人×分钟', people: '人数', share: '差距', circle: '生活圈' };

export function setUpGaps() {
  const table = byId('gap-table');
  if (!table) return;
  chosen.state = Object.keys(STATES).find((key) => gaps.state.some((s) => STATES[key].includes(s))) || 'gap';
  showFilters();
  table.tBodies[0].addEventListener('click', (event) => {
    const row = event.target.closest('tr');
    if (!row) return;
    chooseGap(+row.dataset.gap);
    openFromList(addressOf(+row.dataset.gap));
  });
  watch((changed) => { if (changed.includes('gap')) markChosen(); });
  showRows();
}

// Where the reasons of a gap are, as why.js reads it.
export function addressOf(row) {
  return `type:${gaps.circle[row]}:${gaps.type[row]}`;
}

export function chooseGap(row) {
  const column = columnOfType(gaps.type[row]);
  change(Object.assign({ gap: row, circle: gaps.circle[row], place: -1, outlet: -1 }, column >= 0 ? { column } : {}));
}

function showFilters() {
  const chips = (name, words) => el('div', { class: 'chips', role: 'group' }, Object.keys(words)
    .filter((key) => name !== 'state' || gaps.state.some((s) => STATES[key].includes(s)))
    .map((key) => el('button', { type: 'button', 'aria-pressed': String(chosen[name] === key), onclick: () => set(name, key) }, words[key])));
  const circle = el('select', { 'aria-label': '生活圈', onchange: (event) => set('circle', +event.target.value) },
    el('option', { value: -1 }, '全部生活圈'),
    circles.map((c, i) => el('option', { value: i, selected: i === chosen.circle }, c.name)));
  const order = el('select', { 'aria-label': '排序', onchange: (event) => set('order', event.target.value) },
    Object.keys(ORDERS).map((key) => el('option', { value: key, selected: key === chosen.order }, '按' + ORDERS[key])));
  replace(byId('gap-filters'), chips('state', STATE_WORDS), chips('group', GROUPS), el('div', { class: 'pickers' }, circle, order));
}

function set(name, value) {
  chosen[name] = value;
  showFilters();
  showRows();
}

function rowsChosen() {
  const rows = gaps.type.map((_, i) => i).filter((i) => STATES[chosen.state].includes(gaps.state[i])
    && (!chosen.group || types[gaps.type[i]].group === chosen.group)
    && (chosen.circle < 0 || gaps.circle[i] === chosen.circle));
  const short = (i) => (isKnown(gaps.share[i]) ? gaps.required[i] - gaps.share[i] : -9);
  const orders = {
    rank: (a, b) => a - b,
    people: (a, b) => (gaps.people[b] || 0) - (gaps.people[a] || 0) || a - b,
    share: (a, b) => short(b) - short(a) || a - b,
    circle: (a, b) => gaps.circle[a] - gaps.circle[b] || a - b,
  };
  return rows.sort(orders[chosen.order]);
}

function showRows() {
  const rows = rowsChosen();
  const kinds = new Set(rows.map((i) => gaps.type[i])).size;
  const where = new Set(rows.map((i) => gaps.circle[i])).size;
  byId('gap-sum').textContent = rows.length ? `合计 ${rows.length} 处 · ${kinds} 类业态 · ${where} 个圈` : '没有符合条件的行';
  replace(byId('gap-table').tBodies[0], rows.slice(0, MAX_ROWS).map(rowNode));
  markChosen();
}

function rowNode(i) {
  const sign = signOf(gaps.state[i], gaps.share[i], gaps.required[i]);
  const rule = types[gaps.type[i]];
  const clause = rule.src ? sourceWords(rule.src[1]) : null;
  return el('tr', { 'data-gap': i },
    el('td', { class: 'num' }, gaps.rank[i] || '–'),
    el('th', { scope: 'row' }, signNode(sign, false),
      el('button', { type: 'button', class: 'pick' }, el('b', null, rule.label), el('span', null, circles[gaps.circle[i]].name))),
    el('td', { class: 'num strong' }, count(gaps.people[i])),
    el('td', { class: 'num' }, shareNode(gaps.share[i], gaps.required[i], sign)),
    el('td', { class: 'num more' }, count(gaps.person_minutes[i])),
    el('td', { class: 'num more' }, normMinutes(gaps.norm_s[i])),
    el('td', { class: 'more' }, clause ? `${clause.document} ${clause.clause}${clause.mark === 'inferred' ? '（推定）' : ''}` : ''));
}

export function shareNode(value, required, sign) {
  if (!isKnown(value)) return el('span', { class: 'word' }, sign.word);
  const fill = el('span', { class: 'fill' });
  fill.style.width = value * 100 + '%';
  const limit = el('span', { class: 'limit' });
  limit.style.left = required * 100 + '%';
  return [el('span', { class: 'pair' }, share(value), el('small', null, isKnown(required) ? '/ ' + shareLimit(required) : '')),
    el('span', { class: 'bar', 'aria-hidden': 'true' }, fill, isKnown(required) ? limit : null)];
}

function markChosen() {
  all('tr[data-gap]', byId('gap-table')).forEach((row) => {
    const is = +row.dataset.gap === state.gap;
    row.classList.toggle('chosen', is);
    const button = row.querySelector('button');
    if (is) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  });
}
