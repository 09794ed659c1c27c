// Why a site: whom it newly serves, in which minutes, by which clause, and how far from the best.

import { data, places, types, walkS } from './data.js';
import { el } from './dom.js';
import { isEqual, linesOfPlan, sited } from './siting_data.js';
import { clause, clauses, link, origin, part, rows } from './why_parts.js';
import { count, fill, minutes, normMinutes } from './words.js';

const words = data.words.siting;
const unit = isEqual ? words.homes : words.people;
const LISTED = 8;

export function reasonsOfSite(typeText, kText, siteText) {
  const [i, k, j] = [+typeText, +kText, +siteText];
  const one = sited[i];
  const line = linesOfPlan(i, k)[j];
  const norm = normMinutes(one.norm_s);
  const rule = types[one.type];
  const said = fill(j ? words.verdict : words.verdict_first, { n: j, people: count(line.people), unit, minutes: norm });
  return { title: `${j + 1} ${one.sites.name[line.row]} · ${rule.label}`, parts: [
    el('p', { class: 'verdict' }, said),
    one.street ? el('p', { class: 'fine' }, words.street, el('span', { class: 'mark-inferred' }, data.words.inferred)) : null,
    about(one, line),
    part(words.who, el('ul', { class: 'plain' }, line.areas.slice(0, LISTED).map((a) => el('li', null, fill(words.who_line, { name: a.name, people: count(a.people), unit }))))),
    homes(one, line),
    warned(one.sites.warned[line.row]),
    part(words.how_good, el('p', null, proof(one.plans[k - 1]))),
    clauses([clause(words.norm, rule.src && rule.src[1])]),
    origin(),
  ] };
}

function warned(list) {
  return list.length ? part(words.warned, el('ul', { class: 'plain' }, list.map((text) => el('li', null, text)))) : null;
}

function proof(plan) {
  return plan.best ? plan.proof : fill(words.bound, { proof: plan.proof, bound: count(plan.bound), unit });
}

function about(one, line) {
  const sites = one.sites;
  const row = line.row;
  const values = [sites.kind[row], sites.area[row] === null ? null : fill(words.m2, { n: sites.area[row] }),
    sites.cost[row] === null ? null : fill(words.wan, { n: sites.cost[row] }),
    sites.row[row] < 0 ? null : fill(words.premises_row, { row: sites.row[row] }), sites.id[row]];
  return el('dl', { class: 'about' }, words.about.map((name, at) => (values[at] === null ? null : [el('dt', null, name), el('dd', null, values[at])])));
}

function homes(one, line) {
  const heads = words.home_columns;
  const lines = line.homes.slice(0, LISTED).map((home) => el('tr', null,
    el('th', { scope: 'row' }, link(places.name[home.place] || places.id[home.place], 'place:' + home.place)),
    el('td', { class: 'num' }, count(isEqual ? NaN : home.people)),
    el('td', { class: 'num late' }, minutes(walkS(one.col, home.place))),
    el('td', { class: 'num' }, minutes(home.s))));
  return rows(fill(words.homes_title, { n: count(line.homes.length) }), [heads[0], { num: heads[1] }, { num: heads[2] }, { num: heads[3] }], lines,
    line.homes.length > LISTED ? words.home_more : '');
}
