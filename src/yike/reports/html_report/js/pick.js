// What lies under the pointer: outlets first, then homes.

import { nPlaces, outlets, outletsOf, places } from './data.js';
import { SITE_R, eachSite, showsSites } from './paint_sites.js';
import { radiusOf } from './paint_points.js';
import { state } from './state.js';

export function pick(view, px, py, slack) {
  const site = showsSites() ? siteAt(view, px, py, SITE_R + slack / 2) : -1;
  if (site >= 0) return { site };
  const outlet = nearest(outletsOf(state.column), outlets.xy, view, px, py + 8, () => 9 + slack);
  if (outlet >= 0) return { outlet };
  const place = nearest(allPlaces(), places.xy, view, px, py, (i) => radiusOf(i, view) + slack);
  return place >= 0 ? { place } : null;
}

function siteAt(view, px, py, reach) {
  let found = -1;
  eachSite(view, (j, x, y) => { if (Math.abs(x - px) <= reach && Math.abs(y - py) <= reach) found = j; });
  return found;
}

let rows = null;

function allPlaces() {
  if (!rows) rows = Array.from({ length: nPlaces }, (_, i) => i);
  return rows;
}

function nearest(candidates, xy, view, px, py, reach) {
  let best = -1;
  let least = Infinity;
  candidates.forEach((i) => {
    const away = Math.hypot(view.px(xy[2 * i]) - px, view.py(xy[2 * i + 1]) - py);
    if (away < least && away <= reach(i)) {
      best = i;
      least = away;
    }
  });
  return best;
}
