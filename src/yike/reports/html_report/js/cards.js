// One circle's card at a time on screen; all of them in print.

import { circles } from './data.js';
import { all, byId } from './dom.js';
import { change, state, watch } from './state.js';

export function setUpCards() {
  const table = byId('circle-table');
  if (!table) return;
  table.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-circle]');
    if (!link) return;
    event.preventDefault();
    change({ circle: +link.dataset.circle, gap: -1, place: -1, outlet: -1 });
    showCard(+link.dataset.circle);
    byId('circle-' + link.dataset.circle).scrollIntoView({ block: 'nearest' });
  });
  watch((changed) => { if (changed.includes('circle') && state.circle >= 0) showCard(state.circle); });
  if (circles.length) showCard(Math.max(0, state.circle));
}

function showCard(circle) {
  all('.card').forEach((card) => card.classList.toggle('shown', +card.dataset.circle === circle));
  all('a[data-circle]', byId('circle-table')).forEach((link) => {
    const is = +link.dataset.circle === circle;
    link.closest('tr').classList.toggle('chosen', is);
    if (is) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  });
}
