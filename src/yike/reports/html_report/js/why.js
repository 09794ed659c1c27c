// 为什么: every figure is a door; this is the room behind it.

import { all, byId, el, replace } from './dom.js';
import { columnOfType, data, nearestOutlet } from './data.js';
import { goToOutlet, goToPlace } from './map.js';
import { change, state } from './state.js';
import { reasonsOfHeadline, reasonsOfIndicator, reasonsOfPeople, reasonsOfScore } from './why_indicator.js';
import { reasonsOfOutlet, reasonsOfPlace } from './why_point.js';
import { reasonsOfSite } from './why_site.js';
import { reasonsOfBundle, reasonsOfGroup, reasonsOfType } from './why_type.js';

const ROOMS = {
  type: reasonsOfType,
  bundle: reasonsOfBundle,
  group: reasonsOfGroup,
  indicator: reasonsOfIndicator,
  score: reasonsOfScore,
  people: reasonsOfPeople,
  headline: reasonsOfHeadline,
  place: reasonsOfPlace,
  outlet: reasonsOfOutlet,
  site: reasonsOfSite,
};
const panel = byId('why');
let door = null;

export function setUpWhy() {
  document.addEventListener('click', (event) => {
    const found = event.target.closest('[data-why]');
    if (found) enter(found);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && panel.classList.contains('floating')) leave();
  });
  replace(panel, el('p', { class: 'empty' }, '选一处缺口，或点任何一个数字，这里说明依据、算式、数据行和怎样会改变它。'));
}

// Shows the reasons of "kind:a:b" without moving the reader.
export function explain(address) {
  const [kind, ...rest] = address.split(':');
  const room = ROOMS[kind](...rest);
  replace(panel,
    el('header', null, el('p', { class: 'fine' }, '为什么'), el('h2', { id: 'why-title' }, room.title),
      el('button', { type: 'button', class: 'close', 'aria-label': '关闭', onclick: leave }, '×')),
    el('div', { class: 'why-body' }, room.parts));
  panel.scrollTop = 0;
}

function enter(found) {
  const address = found.dataset.why;
  if (!panel.contains(found)) door = found;
  explain(address);
  move(address);
  if (!isInSight()) {
    panel.classList.add('floating');
    panel.focus();
  }
}

// The map follows what is explained.
function move(address) {
  const [kind, a, b] = address.split(':');
  if (kind === 'place') {
    change({ place: +a, outlet: -1 });
    goToPlace(+a);
  } else if (kind === 'outlet') {
    const shown = columnOfType(data.outlets.type[+a]);
    const keeps = state.place >= 0 && nearestOutlet(state.column, state.place) === +a;
    change(Object.assign({ outlet: +a }, keeps || shown < 0 ? {} : { column: shown, place: -1, gap: -1 }));
    goToOutlet(+a);
  } else if (kind === 'type') {
    const column = columnOfType(+b);
    change(Object.assign({ circle: +a, gap: -1, place: -1, outlet: -1 }, column >= 0 ? { column } : {}));
  }
}

function isInSight() {
  if (panel.classList.contains('floating')) return true;
  const frame = panel.getBoundingClientRect();
  return frame.top >= -40 && frame.top < window.innerHeight * 0.6 && frame.bottom > 200;
}

function leave() {
  panel.classList.remove('floating');
  if (door && document.contains(door)) door.focus();
}

export function panelIsDocked() {
  return !panel.classList.contains('floating');
}

export function openFromList(address) {
  explain(address);
  if (window.matchMedia('(max-width: 759px)').matches) {
    door = all('.gap-table .chosen button')[0] || null;
    panel.classList.add('floating');
    panel.focus();
  }
}
