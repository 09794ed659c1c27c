// Why an indicator has its value, how the score adds up, and who is counted as a resident.

import { circles, data, nPlaces, outlets, places } from './data.js';
import { el, signNode } from './dom.js';
import { clause, clauses, link, origin, part, rows, sum } from './why_parts.js';
import { WORDS, count, isKnown, share } from './words.js';

const table = data.assessment;

function valueWords(value, unit) {
  if (!isKnown(value)) return WORDS.unknown;
  if (unit === 'share') return share(value);
  const whole = Math.round(value) === value;
  return (whole ? count(value) : value.toFixed(1)) + (WORDS.units[unit] || '');
}

export function reasonsOfIndicator(circleText, indexText) {
  const [c, i] = [+circleText, +indexText];
  const rule = data.indicators[i];
  const value = table.value[c][i];
  const met = table.met[c][i];
  const sign = metSign(met);
  const told = (data.extras.explained[c] || [])[i] || {};
  const [top, below] = [table.numerator[c][i], table.denominator[c][i]];
  return { title: `${rule.label || table.indicator[i]} · ${circles[c].name}`, parts: [
    el('p', { class: 'verdict' }, rule.limit ? signNode(sign, true) : null, ' ', valueWords(value, rule.unit), rule.limit ? `；要求 ${rule.limit}` : '；规则包没有设定限值'),
    isKnown(top) && isKnown(below) ? part('算式', sum(count(top), '', count(below), '', valueWords(value, rule.unit))) : null,
    rule.how ? part('怎么算', el('p', null, rule.how)) : null,
    isKnown(table.points_max[i]) ? part('得分', el('p', null, isKnown(table.points[c][i]) ? `${+table.points[c][i].toFixed(1)} / ${table.points_max[i]} 分` : '数值未知，这一项不计分，也不计入可得满分。')) : null,
    changes(told),
    behind(told),
    clauses([clause('依据', rule.src)]),
    origin(),
  ] };
}

function changes(told) {
  const bounds = isKnown(told.low) && isKnown(told.high) && told.low < told.high;
  const unknown = told.n_unknown > 0 ? `有 ${count(told.n_unknown)} 行没有这一项，真实值在一个范围内` : '';
  if (!told.change && !unknown) return null;
  return part('怎样会改变', told.change ? el('p', null, told.change) : null,
    unknown ? el('p', { class: 'fine' }, unknown + (bounds ? `（${+told.low.toFixed(3)} 至 ${+told.high.toFixed(3)}）` : '') + '。') : null);
}

// The rows that were counted, as far as they are listed.
function behind(told) {
  if (!told.rows || !told.rows.length) return null;
  const lines = told.rows.map((id) => {
    const at = told.row_kind === 'outlets' ? outlets.id.indexOf(id) : -1;
    return el('tr', null, el('th', { scope: 'row' }, at >= 0 ? link(outlets.name[at] || id, 'outlet:' + at) : id),
      el('td', null, id), el('td', { class: 'num' }, at >= 0 && outlets.row[at] >= 0 ? outlets.row[at] : '–'));
  });
  return rows(`计入的数据行（${count(told.n_rows)}）`, ['名称', '编号', { num: '行' }], lines, told.n_rows > lines.length ? `只列出前 ${lines.length} 行。` : '');
}

export function reasonsOfScore(circleText) {
  const c = +circleText;
  const lines = data.indicators.map((rule, i) => [rule, i]).filter(([, i]) => isKnown(table.points_max[i])).map(([rule, i]) => el('tr', null,
    el('th', { scope: 'row' }, link(rule.label || table.indicator[i], `indicator:${c}:${i}`)),
    el('td', { class: 'num' }, isKnown(table.points[c][i]) ? table.points[c][i].toFixed(1) : '未计'),
    el('td', { class: 'num' }, table.points_max[i])));
  return { title: `得分 · ${circles[c].name}`, parts: [
    el('p', { class: 'verdict' }, isKnown(table.score[c]) ? `${table.score[c].toFixed(1)} 分；可计分的项目合计 ${+table.known_max[c].toFixed(1)} 分。` : WORDS.unknown),
    rows('各项', ['指标', { num: '得分' }, { num: '满分' }], lines, '数值未知的项目不计分，也不算 0 分。'),
    gates(c),
    origin(),
  ] };
}

function gates(c) {
  const lines = (data.extras.gates[c] || []).map((gate) => el('tr', null, el('th', { scope: 'row' }, data.grades[gate.grade] || gate.grade),
    el('td', null, data.gates[gate.gate] || gate.gate), el('td', { class: 'num' }, isKnown(gate.value) ? +gate.value.toFixed(3) : WORDS.unknown),
    el('td', null, signNode(metSign(gate.outcome), true))));
  return rows('等级条件', ['等级', '条件', { num: '数值' }, '结果'], lines);
}

function metSign(met) {
  return { 1: { shape: '●', word: '达标', code: 'met' }, 0: { shape: '○', word: '未达标', code: 'gap' } }[met]
    || { shape: '▨', word: WORDS.unknown, code: 'unknown' };
}

export function reasonsOfHeadline(code) {
  return { title: WORDS.stats[code], parts: [el('p', { class: 'verdict' }, WORDS.headline[code]), part('人数', el('p', null, WORDS.method)), origin()] };
}

export function reasonsOfPeople(circleText) {
  const c = +circleText;
  let [n, unknown] = [0, 0];
  for (let i = 0; i < nPlaces; i++) {
    if (places.circle[i] !== c) continue;
    n += 1;
    if (!isKnown(places.people[i])) unknown += 1;
  }
  const lost = circles[c].people - circles[c].attached;
  return { title: `居民 · ${circles[c].name}`, parts: [
    el('p', { class: 'verdict' }, `${count(circles[c].people)} 人，来自 ${count(n)} 处居住点。`),
    part('怎么算', el('p', null, data.words.method),
      unknown ? el('p', null, `其中 ${count(unknown)} 处人数未知，没有计入。`) : null,
      lost > 0 ? el('p', null, `${count(lost)} 人的居住点未接入步行网络，不计入覆盖率的分母。`) : null),
    origin(),
  ] };
}
