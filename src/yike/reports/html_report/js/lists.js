// The tables of homes and outlets.

import { circles, columns, countNear, data, isAttached, nOutlets, nPlaces, nearestOutlet, outlets, places, untoldWord, walkS } from './data.js';
import { byId, el } from './dom.js';
import { Grid } from './grid.js';
import { state, watch } from './state.js';
import { typeName } from './tip.js';
import { count, timeWords } from './words.js';

const circleName = (c) => (c >= 0 ? circles[c].name : '圈外');
const rowWords = (row) => (row >= 0 ? String(row) : '–');
const nameOf = (table, i) => table.name[i] || table.id[i];
const door = (words, why) => el('button', { type: 'button', class: 'door', 'data-why': why }, words);

export function setUpLists() {
  if (byId('place-table')) setUpPlaces();
  if (byId('outlet-table')) setUpOutlets();
}

function setUpPlaces() {
  const time = (i) => walkS(state.column, i);
  const goal = (i) => nearestOutlet(state.column, i);
  const grid = new Grid('place-table', nPlaces, [
    { value: (i) => nameOf(places, i), cell: (i) => door(nameOf(places, i), 'place:' + i) },
    { value: (i) => circleName(places.circle[i]), cell: (i) => circleName(places.circle[i]) },
    { value: (i) => places.people[i], cell: (i) => count(places.people[i]), isNumber: true },
    { value: time, cell: (i) => timeWords(state.column, i), isNumber: true },
    { value: (i) => (goal(i) < 0 ? '' : nameOf(outlets, goal(i))), cell: (i) => (goal(i) < 0 ? '–' : door(nameOf(outlets, goal(i)), 'outlet:' + goal(i))) },
    { value: (i) => countNear(state.column, i), cell: (i) => nearWords(i), isNumber: true },
    { value: (i) => places.row[i], cell: (i) => rowWords(places.row[i]), isNumber: true },
  ], { sort: 3, down: true, hint: '找居住点', text: (i) => nameOf(places, i) + ' ' + places.id[i],
    groups: circles.map((c) => c.name), groupOf: (i) => places.circle[i] });
  const told = () => { grid.extra.textContent = `到最近的${typeName(columns[state.column])}`; };
  byId('place-note').hidden = true;
  told();
  watch((changed) => {
    if (!changed.includes('column')) return;
    told();
    grid.refresh();
  });
}

function nearWords(i) {
  if (!isAttached(i) || untoldWord(state.column)) return '–';
  const n = countNear(state.column, i);
  return n !== n ? '–' : n >= 255 ? '255 以上' : String(n);
}

function setUpOutlets() {
  const words = data.words;
  const grid = new Grid('outlet-table', nOutlets, [
    { value: (i) => nameOf(outlets, i), cell: (i) => door(nameOf(outlets, i), 'outlet:' + i) },
    { value: (i) => outlets.type[i], cell: (i) => typeName(outlets.type[i]) },
    { value: (i) => circleName(outlets.circle[i]), cell: (i) => circleName(outlets.circle[i]) },
    { value: (i) => outlets.status[i], cell: (i) => words.outletStatus[outlets.status[i]] },
    { value: (i) => -outlets.chain[i], cell: (i) => words.tri[outlets.chain[i] + 1] },
    { value: (i) => outlets.hours[i], cell: (i) => outlets.hours[i] || words.unknown },
    { value: (i) => outlets.row[i], cell: (i) => rowWords(outlets.row[i]), isNumber: true },
  ], { sort: 6, down: false, hint: '找网点或业态', text: (i) => `${nameOf(outlets, i)} ${outlets.id[i]} ${typeName(outlets.type[i])}`,
    groups: circles.map((c) => c.name), groupOf: (i) => outlets.circle[i] });
  byId('outlet-note').hidden = true;
  return grid;
}
