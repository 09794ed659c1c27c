// Moving the map: drag, wheel, pinch, buttons, keys; hovering and choosing.

import { all, byId } from './dom.js';
import { follow, goHome, view } from './map.js';
import { pick } from './pick.js';
import { hideTip, showTip } from './tip.js';
import { savePicture } from './picture.js';

const STEP_PX = 80;
const box = byId('map');
const hands = new Map();
let travelled = 0;
let choose = null;

export function listenToHands(onChoose) {
  choose = onChoose;
  box.addEventListener('pointerdown', down);
  box.addEventListener('pointermove', move);
  box.addEventListener('pointerup', up);
  box.addEventListener('pointercancel', (event) => hands.delete(event.pointerId));
  box.addEventListener('pointerleave', hideTip);
  box.addEventListener('wheel', wheel, { passive: false });
  box.addEventListener('keydown', key);
  all('[data-zoom]', box).forEach((button) => button.addEventListener('click', () => step(+button.dataset.zoom)));
  all('[data-picture]', box).forEach((button) => button.addEventListener('click', savePicture));
}

function at(event) {
  const frame = box.getBoundingClientRect();
  return [event.clientX - frame.left, event.clientY - frame.top];
}

function down(event) {
  if (event.target.closest('button')) return;
  hands.set(event.pointerId, at(event));
  travelled = 0;
  box.setPointerCapture(event.pointerId);
}

function move(event) {
  const here = at(event);
  const before = hands.get(event.pointerId);
  if (!before) {
    hover(here);
    return;
  }
  const others = Array.from(hands.entries()).filter(([id]) => id !== event.pointerId);
  if (others.length === 1) pinch(before, here, others[0][1]);
  else if (!others.length) view.pan(here[0] - before[0], here[1] - before[1]);
  travelled += Math.hypot(here[0] - before[0], here[1] - before[1]);
  hands.set(event.pointerId, here);
  hideTip();
  follow();
}

function pinch(before, here, fixed) {
  const was = Math.hypot(before[0] - fixed[0], before[1] - fixed[1]);
  const is = Math.hypot(here[0] - fixed[0], here[1] - fixed[1]);
  if (was > 1) view.zoomAt((here[0] + fixed[0]) / 2, (here[1] + fixed[1]) / 2, is / was);
}

function up(event) {
  if (!hands.delete(event.pointerId) || travelled > 6 || hands.size) return;
  const here = at(event);
  choose(pick(view, here[0], here[1], event.pointerType === 'touch' ? 12 : 4));
}

function hover(here) {
  const found = pick(view, here[0], here[1], 3);
  box.style.cursor = found ? 'pointer' : '';
  if (found) showTip(found, here);
  else hideTip();
}

function wheel(event) {
  event.preventDefault();
  const here = at(event);
  const lines = event.deltaMode === 1 ? 33 : 1;
  view.zoomAt(here[0], here[1], Math.pow(2, -event.deltaY * lines / 400));
  follow();
}

function step(direction) {
  if (!direction) {
    goHome();
    return;
  }
  view.zoomAt(view.width / 2, view.height / 2, direction > 0 ? 1.6 : 1 / 1.6);
  follow();
}

function key(event) {
  const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const steps = { '+': 1, '=': 1, '-': -1, _: -1, 0: 0 };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (moves[event.key]) {
    view.pan(moves[event.key][0] * STEP_PX, moves[event.key][1] * STEP_PX);
    follow();
  } else if (event.key in steps) step(steps[event.key]);
  else return;
  event.preventDefault();
}
