// The curve that the page brought, once more beside the slider; the chosen number of sites is marked.

import { all, byId } from './dom.js';

export function curveNode(i, axis, onPick) {
  const curve = byId('siting-' + i).querySelector(`svg[data-axis="${axis}"]`).cloneNode(true);
  curve.addEventListener('click', (event) => {
    const dot = event.target.closest('[data-k]');
    if (dot) onPick(+dot.dataset.k);
  });
  return curve;
}

export function markCurve(box, k) {
  all('[data-k]', box).forEach((node) => node.classList.toggle('at', +node.dataset.k === k));
}
