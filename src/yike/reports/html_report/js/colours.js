// Colours and minute classes of the page's tokens.

import { data } from './data.js';

export const colour = data.tokens.colour;
const scale = data.tokens.minute;
const beyond = data.tokens.beyond;

// Minute classes, then unreachable and unknown: what the legend lists and the map draws.
export const classes = scale.map((c) => ({ label: c.label, colour: c.colour, shape: c.shape }))
  .concat([
    { label: beyond.unreachable.label, colour: colour.paper, shape: 'ring' },
    { label: beyond.unknown.label, colour: colour.unknown, shape: 'hatch' },
  ]);

export const UNREACHABLE = scale.length;
export const UNKNOWN = scale.length + 1;

export function classOf(seconds) {
  if (seconds !== seconds) return UNKNOWN;
  if (seconds === Infinity) return UNREACHABLE;
  return scale.findIndex((c) => seconds <= c.up_to_s);
}
