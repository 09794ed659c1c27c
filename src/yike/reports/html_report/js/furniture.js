// Scale bar of the map.

import { byId } from './dom.js';

const NICE_M = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

export function scaleBar(view) {
  const metres = NICE_M.filter((m) => m * view.scale <= 130).pop() || NICE_M[0];
  return { px: metres * view.scale, words: metres >= 1000 ? metres / 1000 + ' 千米' : metres + ' 米' };
}

export function showScale(view) {
  const bar = scaleBar(view);
  const node = byId('map-scale');
  node.firstElementChild.textContent = bar.words;
  node.lastElementChild.style.width = bar.px + 'px';
}
