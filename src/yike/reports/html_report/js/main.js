// Starts the page: what the tables already show comes alive.

import { circles, data, nPlaces } from './data.js';
import { all, byId, el } from './dom.js';
import { setUpCards } from './cards.js';
import { chooseGap, setUpGaps } from './gaps.js';
import { showLegend } from './legend.js';
import { setUpLists } from './lists.js';
import { goHome, goToPlace, measure, paint } from './map.js';
import { isochroneCutoffs } from './paint_areas.js';
import { showPrintPicture } from './picture.js';
import { listenToHands } from './pointer.js';
import { change, state, watch } from './state.js';
import { explain, openFromList, setUpWhy } from './why.js';

export function start() {
  state.column = +(byId('map-type').value || 0);
  setUpMapBar();
  setUpWhy();
  setUpGaps();
  setUpCards();
  setUpLists();
  watch(show);
  listenToHands(choosePoint);
  window.addEventListener('resize', measure);
  byId('print').addEventListener('click', () => window.print());
  window.addEventListener('beforeprint', showPrintPicture);
  measure();
  const worst = data.gaps.rank.indexOf(1);
  if (worst >= 0) {
    chooseGap(worst);
    explainGap(worst);
  } else showLegend();
}

function setUpMapBar() {
  circles.forEach((circle, i) => byId('map-circle').appendChild(el('option', { value: i }, circle.name)));
  byId('map-type').addEventListener('change', (event) => change({ column: +event.target.value, gap: -1, place: -1, outlet: -1 }));
  byId('map-circle').addEventListener('change', (event) => {
    change({ circle: +event.target.value, gap: -1, place: -1, outlet: -1 });
  });
  isochroneCutoffs.forEach((cutoff) => {
    const box = el('input', { type: 'checkbox', onchange: () => {
      change({ isochrones: all('input:checked', byId('map-isochrones')).map((input) => +input.value) });
    }, value: cutoff });
    byId('map-isochrones').appendChild(el('label', null, box, ` ${cutoff / 60} 分钟圈`));
  });
  byId('map-isochrones').hidden = !isochroneCutoffs.length;
}

function show(changed) {
  byId('map-type').value = state.column;
  byId('map-circle').value = state.circle;
  if (changed.includes('circle')) goHome();
  if (changed.includes('gap') && state.gap >= 0) {
    goHome();
    explainGap(state.gap);
  }
  if (nPlaces && (changed.includes('column') || changed.includes('circle'))) showLegend();
  paint();
}

let isStarted = false;

function explainGap(row) {
  const address = `type:${data.gaps.circle[row]}:${data.gaps.type[row]}`;
  if (isStarted) openFromList(address);
  else explain(address);
  isStarted = true;
}

function choosePoint(found) {
  if (!found) {
    change({ place: -1, outlet: -1 });
    return;
  }
  if (found.place >= 0) {
    change({ place: found.place, outlet: -1 });
    goToPlace(found.place);
    openFromList('place:' + found.place);
  } else {
    change({ outlet: found.outlet });
    openFromList('outlet:' + found.outlet);
  }
}
