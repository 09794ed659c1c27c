// Recommended sites, decoded; and whom each one newly serves when those before it stand. Twin of siting_lines.py.

import { data, places } from './data.js';
import { columnOf, pointsOf, varints } from './decode.js';

const siting = data.siting;
const cache = {};

export const sited = siting.types;
export const areas = siting.areas;
export const isEqual = siting.weights === 'equal';
export const isEstimate = siting.estimate;

export function xyOf(i) {
  return cached('xy' + i, () => pointsOf(sited[i].sites));
}

function cached(key, make) {
  if (!cache[key]) cache[key] = make();
  return cache[key];
}

// Homes that a site could serve, ascending, with seconds and community.
function reachOf(i, row) {
  return cached(`reach${i}:${row}`, () => {
    const coded = sited[i].sites;
    const homes = varints(coded.homes[row]);
    for (let k = 1; k < homes.length; k++) homes[k] += homes[k - 1];
    return { homes, walk: columnOf(coded.walk[row], 2), area: varints(coded.in[row]) };
  });
}

const weightOf = (place) => (isEqual ? 1 : places.people[place] || 0);

// One entry per site of the plan for k sites, in building order.
export function linesOfPlan(i, k) {
  return cached(`lines${i}:${k}`, () => {
    const served = new Set();
    return sited[i].plans[k - 1].sites.map((row) => {
      const reach = reachOf(i, row);
      const homes = [];
      const byArea = {};
      let [people, spent] = [0, 0];
      reach.homes.forEach((place, at) => {
        if (served.has(place)) return;
        served.add(place);
        const weight = weightOf(place);
        homes.push({ place, s: reach.walk[at], people: weight });
        byArea[reach.area[at]] = (byArea[reach.area[at]] || 0) + weight;
        people += weight;
        spent += weight * reach.walk[at];
      });
      homes.sort((a, b) => b.people - a.people || a.place - b.place);
      const found = Object.keys(byArea).map((area) => ({ name: areas[area], people: byArea[area], area: +area }));
      found.sort((a, b) => b.people - a.people || a.area - b.area);
      return { row, people, mean_s: people ? spent / people : NaN, homes, areas: found.filter((a) => a.people > 0) };
    });
  });
}

// Around all sites of a type and the homes that they could serve.
export function boundsOfSites(i) {
  return cached('bounds' + i, () => {
    const found = [Infinity, Infinity, -Infinity, -Infinity];
    const stretch = (x, y) => {
      found[0] = Math.min(found[0], x);
      found[1] = Math.min(found[1], y);
      found[2] = Math.max(found[2], x);
      found[3] = Math.max(found[3], y);
    };
    const xy = xyOf(i);
    sited[i].sites.id.forEach((_, row) => {
      stretch(xy[2 * row], xy[2 * row + 1]);
      reachOf(i, row).homes.forEach((place) => stretch(places.xy[2 * place], places.xy[2 * place + 1]));
    });
    return found;
  });
}

export function sitingOfColumn(column) {
  return sited.findIndex((one) => one.col === column);
}
