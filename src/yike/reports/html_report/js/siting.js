// Where to add: type, number of sites, curve, list; the map and the reasons follow.

import { data, types } from './data.js';
import { all, byId, el, replace } from './dom.js';
import { isEqual, isEstimate, linesOfPlan, sited, sitingOfColumn, xyOf } from './siting_data.js';
import { curveNode, markCurve } from './siting_curve.js';
import { showTab } from './tabs.js';
import { goTo } from './map.js';
import { change, state, watch } from './state.js';
import { explain, openFromList } from './why.js';
import { count, fill, minutes, share } from './words.js';

const words = data.words.siting;
const AREAS = 2;
let axis = 'sites';

export const unit = isEqual ? words.homes : words.people;

export function setUpSiting() {
  if (!sited.length) return;
  build();
  all('[data-siting]').forEach((link) => link.addEventListener('click', (event) => {
    event.preventDefault();
    change({ siting: +link.dataset.siting, k: firstK(+link.dataset.siting), site: -1 });
    byId('siting-' + link.dataset.siting).scrollIntoView({ block: 'nearest' });
  }));
  all('[data-siting-map]').forEach((button) => button.addEventListener('click', () => {
    choose(+button.dataset.sitingMap);
    showTab('siting');
    byId('gaps').scrollIntoView();
  }));
  watch(follow);
  change({ siting: 0, k: firstK(0) });
}

// The slider begins at three sites, or as many as there are.
const firstK = (i) => Math.min(3, sited[i].plans.length);

function follow(changed) {
  const isOther = changed.includes('siting');
  if (isOther || changed.includes('k')) show(isOther);
  if (changed.includes('site')) markChosen();
  if (state.tab === 'siting' && state.site < 0 && ['siting', 'k', 'tab'].some((key) => changed.includes(key))) {
    explain(`site:${state.siting}:${state.k}:0`);
  }
  if (changed.includes('column') && state.tab === 'siting') {
    const i = sitingOfColumn(state.column);
    if (i >= 0 && i !== state.siting) change({ siting: i, k: firstK(i), site: -1 });
  }
  if (changed.includes('tab') && state.tab === 'siting') {
    const here = sitingOfColumn(state.column);
    choose(here >= 0 ? here : state.siting);
  }
}

function choose(i) {
  change({ siting: i, k: i === state.siting ? state.k : firstK(i), site: -1, column: sited[i].col, circle: -1, gap: -1, place: -1, outlet: -1 });
}

function build() {
  const pick = el('select', { id: 'siting-type', onchange: (event) => choose(+event.target.value) },
    sited.map((one, i) => el('option', { value: i }, types[one.type].label)));
  const slider = el('input', { type: 'range', id: 'siting-k', min: 1, step: 1, 'aria-labelledby': 'siting-k-name',
    oninput: (event) => change({ k: +event.target.value, site: -1 }) });
  replace(byId('siting-panel'),
    el('header', null, el('h2', null, words.title, ' ', data.meta.invented ? el('span', { class: 'badge' }, data.words.invented) : null)),
    el('div', { class: 'siting-tools' },
      el('label', null, el('span', null, words.pick_type), pick),
      el('div', { class: 'siting-slide' }, el('span', { id: 'siting-k-name' }, words.slider), slider, el('output', { id: 'siting-k-value', for: 'siting-k' })),
      el('div', { class: 'chips', id: 'siting-axis', role: 'group', 'aria-label': words.axis })),
    el('div', { class: 'scroll' },
      el('p', { id: 'siting-said', 'aria-live': 'polite' }), el('div', { id: 'siting-curve-box' }),
      el('ol', { class: 'site-list', id: 'site-list' }),
      el('p', { class: 'fine siting-note', id: 'siting-note' })));
}

function show(isOther) {
  const one = sited[state.siting];
  const plan = one.plans[state.k - 1];
  const slider = byId('siting-k');
  slider.max = one.plans.length;
  slider.value = state.k;
  slider.disabled = one.plans.length < 2;
  slider.setAttribute('aria-valuetext', fill(words.slider_value, { k: state.k, people: count(plan.people), unit }));
  byId('siting-k-value').textContent = state.k + words.sites;
  byId('siting-type').value = state.siting;
  if (isOther) showCard();
  showSum(one, plan);
  showCurve(one);
  replace(byId('site-list'), linesOfPlan(state.siting, state.k).map((line, j) => lineNode(one, line, j)));
  byId('siting-note').textContent = [one.street ? words.street : '', isEqual ? words.equal : isEstimate ? words.estimate : ''].join('');
}

function showSum(one, plan) {
  const parts = [fill(words.share, { share: share(plan.people / one.lack) }), plan.cost ? fill(words.cost, { cost: plan.cost }) : '',
    plan.best ? plan.proof : fill(words.bound, { proof: plan.proof, bound: count(plan.bound), unit })];
  replace(byId('siting-said'), el('b', null, fill(words.gained, { people: count(plan.people), unit })),
    el('span', null, parts.filter(Boolean).join(' · ')));
}

function showCurve(one) {
  if (!one.money) axis = 'sites';
  const names = one.money ? { sites: words.by_sites, money: words.by_money } : {};
  replace(byId('siting-axis'), Object.keys(names).map((key) => el('button', {
    type: 'button', 'aria-pressed': String(key === axis), onclick: () => { axis = key; showCurve(one); } }, names[key])));
  replace(byId('siting-curve-box'), curveNode(state.siting, axis, (k) => change({ k, site: -1 })));
  markCurve(byId('siting-curve-box'), state.k);
  markCurve(byId('siting-' + state.siting), state.k);
}

function lineNode(one, line, j) {
  const where = line.areas.slice(0, AREAS).map((a) => a.name).join('、')
    + (line.areas.length > AREAS ? fill(words.more_areas, { n: line.areas.length }) : '');
  return el('li', null, el('button', { type: 'button', class: 'pick', 'data-site': j, onclick: () => openSite(j) },
    el('i', { class: 'site-number', 'aria-hidden': 'true' }, j + 1),
    el('span', { class: 'site-words' },
      el('b', null, one.sites.name[line.row]),
      el('span', null, fill(words.line, { people: count(line.people), unit, minutes: minutes(line.mean_s) })),
      el('span', null, where)),
    el('span', { class: 'site-kind' }, one.street ? '' : one.sites.kind[line.row],
      one.sites.warned[line.row].length ? el('span', { class: 'mark-inferred' }, words.warn_mark) : null)));
}

export function openSite(j) {
  const row = sited[state.siting].plans[state.k - 1].sites[j];
  const xy = xyOf(state.siting);
  change({ site: j, place: -1, outlet: -1 });
  goTo(xy[2 * row], xy[2 * row + 1]);
  openFromList(`site:${state.siting}:${state.k}:${j}`);
}

function markChosen() {
  all('[data-site]', byId('site-list')).forEach((button) => {
    if (+button.dataset.site === state.site) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  });
}

// One type's card of the section at a time on screen; all of them in print.
function showCard() {
  all('[data-siting-type]').forEach((card) => card.classList.toggle('shown', +card.dataset.sitingType === state.siting));
  all('[data-siting]').forEach((link) => {
    const is = +link.dataset.siting === state.siting;
    link.closest('tr').classList.toggle('chosen', is);
    if (is) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  });
}
