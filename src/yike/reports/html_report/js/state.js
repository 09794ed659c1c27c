// What is chosen: everything that shows it watches here.

import { data } from './data.js';

const watchers = [];

export const state = {
  column: 0, // business type on the map: column of the access table
  circle: -1, // living circle in focus, -1 all
  gap: -1, // row of the gaps table
  place: -1,
  outlet: -1,
  tab: 'gaps', // which list stands beside the map: "gaps" or "siting"
  siting: -1, // type of the siting list, row of data.siting.types
  k: 1, // number of sites
  site: -1, // site in focus, row of the plan
  isochrones: [], // cutoffs in seconds that are drawn
};

export function watch(seen) {
  watchers.push(seen);
}

export function change(patch) {
  const changed = Object.keys(patch).filter((key) => state[key] !== patch[key]);
  if (!changed.length) return;
  Object.assign(state, patch);
  watchers.forEach((seen) => seen(changed));
}

// The norm of the type on the map, null where the rule pack sets none.
export function normOfColumn() {
  const type = data.types[data.access.types[state.column]];
  return type && type.norm_s ? type.norm_s : null;
}
