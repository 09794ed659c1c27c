// Building blocks of the reasons.

import { data, meta } from './data.js';
import { el } from './dom.js';
import { sourceWords } from './words.js';

export function part(title, ...children) {
  return el('section', null, el('h3', null, title), children);
}

export function sum(top, topWords, below, belowWords, result) {
  return el('p', { class: 'sum' },
    el('span', null, el('b', null, top), ' ', topWords), ' ÷ ', el('span', null, el('b', null, below), ' ', belowWords),
    ' = ', el('strong', null, result));
}

// Document, clause, words and how sure we are of them.
export function clause(name, index) {
  const source = sourceWords(index);
  if (!source) return null;
  const mark = data.words.marks[source.mark] || source.mark;
  return el('li', null, el('b', null, name), ' ', `${source.document} ${source.clause}`.trim(),
    source.text ? `：${source.text}` : '', el('span', { class: 'mark-' + source.mark }, mark));
}

export function clauses(list) {
  const known = list.filter(Boolean);
  return known.length ? part('依据', el('ul', { class: 'plain' }, known)) : null;
}

export function rows(title, heads, lines, more) {
  if (!lines.length) return null;
  return part(title,
    el('table', { class: 'rows' }, el('thead', null, el('tr', null, heads.map((h) => el('th', { scope: 'col', class: h.num ? 'num' : null }, h.num || h)))),
      el('tbody', null, lines)),
    more ? el('p', { class: 'fine' }, more) : null);
}

export function origin() {
  const marks = [`数据日期 ${meta.date}`, meta.attribution];
  if (data.places.estimated) marks.push('人数含估算');
  if (meta.invented && !meta.attribution.includes('虚构')) marks.push('虚构数据');
  return part('数据', el('p', { class: 'fine' }, marks.join(' · ')));
}

export function link(words, address) {
  return el('button', { type: 'button', class: 'door', 'data-why': address }, words);
}
