// Two lists share the left side of the first screen: what is missing, and where to add.

import { data } from './data.js';
import { all, byId, el, replace } from './dom.js';
import { change, state, watch } from './state.js';

const NAMES = ['gaps', 'siting'];
const PANELS = { gaps: 'gap-panel', siting: 'siting-panel' };

export function setUpTabs() {
  const box = byId('desk-tabs');
  if (!data.siting.types.length) return;
  box.hidden = false;
  box.setAttribute('role', 'tablist');
  box.setAttribute('aria-label', data.words.siting.tabs_name);
  replace(box, NAMES.map((name, i) => el('button', {
    type: 'button', role: 'tab', id: 'tab-' + name, 'aria-controls': PANELS[name], 'data-tab': name, onclick: () => showTab(name) },
  data.words.siting.tabs[i])));
  NAMES.forEach((name) => {
    byId(PANELS[name]).setAttribute('role', 'tabpanel');
    byId(PANELS[name]).setAttribute('aria-labelledby', 'tab-' + name);
  });
  box.addEventListener('keydown', turn);
  watch((changed) => { if (changed.includes('tab')) mark(); });
  mark();
}

export function showTab(name) {
  change({ tab: name });
}

function turn(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const next = NAMES[(NAMES.indexOf(state.tab) + step + NAMES.length) % NAMES.length];
  showTab(next);
  byId('tab-' + next).focus();
}

function mark() {
  all('[data-tab]').forEach((button) => {
    const is = button.dataset.tab === state.tab;
    button.setAttribute('aria-selected', String(is));
    button.tabIndex = is ? 0 : -1;
    byId(PANELS[button.dataset.tab]).hidden = !is;
  });
}
