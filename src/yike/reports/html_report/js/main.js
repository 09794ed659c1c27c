// Starts the page: what the tables already show comes alive.

import { circles, data, gapRow, nPlaces } from './data.js';
import { all, append, byId, el } from './dom.js';
import { setUpCards } from './cards.js';
import { addressOf, chooseGap, setUpGaps } from './gaps.js';
import { showLegend } from './legend.js';
import { setUpLists } from './lists.js';
import { goHome, goToPlace, measure, paint } from './map.js';
import { DASH, isochroneCutoffs } from './paint_areas.js';
import { showPrintPicture } from './picture.js';
import { listenToHands } from './pointer.js';
import { openSite, setUpSiting } from './siting.js';
import { setUpTabs } from './tabs.js';
import { change, state, watch } from './state.js';
import { explain, openFromList, setUpWhy } from './why.js';

export function start() {
  state.column = +(byId('map-type').value || 0);
  setUpMapBar();
  setUpWhy();
  setUpGaps();
  setUpCards();
  setUpLists();
  setUpTabs();
  setUpSiting();
  watch(show);
  listenToHands(choosePoint);
  window.addEventListener('resize', measure);
  byId('print').addEventListener('click', () => window.print());
  window.addEventListener('beforeprint', showPrintPicture);
  measure();
  const untold = data.gaps.state.findIndex((s) => s > 1 && s < 5);
  const worst = data.gaps.rank.indexOf(1);
  if (worst >= 0) chooseGap(worst);
  else if (nPlaces) showLegend();
  if (worst >= 0 || untold >= 0) explain(addressOf(worst >= 0 ? worst : untold));
}

function setUpMapBar() {
  circles.forEach((circle, i) => byId('map-circle').appendChild(el('option', { value: i }, circle.name)));
  byId('map-type').addEventListener('change', (event) => {
    change({ column: +event.target.value, gap: -1, place: -1, outlet: -1 });
    explainColumn();
  });
  byId('map-circle').addEventListener('change', (event) => {
    change({ circle: +event.target.value, gap: -1, place: -1, outlet: -1 });
    explainColumn();
  });
  setUpIsochrones();
}

function setUpIsochrones() {
  const box = byId('map-isochrones');
  box.hidden = !isochroneCutoffs.length;
  append(box, [el('span', { title: '从生活圈中心步行可到的范围' }, '等时圈')]);
  isochroneCutoffs.forEach((cutoff) => {
    const input = el('input', { type: 'checkbox', value: cutoff, onchange: () => {
      change({ isochrones: all('input:checked', box).map((checked) => +checked.value) });
    } });
    append(box, [el('label', null, input, lineSample(cutoff), `${cutoff / 60} 分钟`)]);
  });
}

// The dash of an isochrone, as on the map.
function lineSample(cutoff) {
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
  const drawn = { x1: 0, x2: 22, y1: 5, y2: 5, stroke: 'currentColor', 'stroke-width': 2, 'stroke-dasharray': (DASH[cutoff] || [1, 3]).join(' ') };
  Object.keys(drawn).forEach((name) => line.setAttribute(name, drawn[name]));
  picture.setAttribute('aria-hidden', 'true');
  picture.appendChild(line);
  return picture;
}

function show(changed) {
  byId('map-type').value = state.column;
  byId('map-circle').value = state.circle;
  const has = (...keys) => keys.some((key) => changed.includes(key));
  if (nPlaces && has('column', 'circle', 'tab', 'siting', 'k')) {
    showLegend();
    measure(); // a longer legend leaves the map less room
  }
  if (has('circle', 'tab', 'siting') || (has('gap') && state.gap >= 0)) goHome();
  paint();
}

// With a circle in focus, the reasons follow the type switch.
function explainColumn() {
  const type = data.access.types[state.column];
  if (state.circle >= 0 && gapRow(state.circle, type) >= 0) explain(`type:${state.circle}:${type}`);
}

function choosePoint(found) {
  if (!found) {
    change({ place: -1, outlet: -1 });
    return;
  }
  if (found.site >= 0) {
    openSite(found.site);
  } else if (found.place >= 0) {
    change({ place: found.place, outlet: -1 });
    goToPlace(found.place);
    openFromList('place:' + found.place);
  } else {
    change({ outlet: found.outlet });
    openFromList('outlet:' + found.outlet);
  }
}
