// Numbers and states as a clerk reads them; the twin of figures.py.

import { data, isAttached, untoldWord, walkS } from './data.js';

export const WORDS = data.words;
// A sentence with its {names} filled in.
export function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}

export const isKnown = (value) => value !== null && value === value;

export function count(value) {
  if (!isKnown(value)) return WORDS.unknown;
  const digits = String(Math.round(value));
  return Math.abs(value) >= 10000 ? digits.replace(/\B(?=(\d{3})+$)/g, '\u202f') : digits;
}

function oneDecimal(value) {
  return (Math.floor(value * 10 + 0.5 + 1e-9) / 10).toFixed(1);
}

export function share(value) {
  if (!isKnown(value)) return WORDS.unknown;
  const shown = oneDecimal(value * 100);
  if (shown === '100.0') return value >= 1 ? '100%' : '99.9%';
  if (shown === '0.0') return value === 0 ? '0%' : '0.1%';
  return shown + '%';
}

export function shareLimit(value) {
  return isKnown(value) ? +(value * 100).toPrecision(6) + '%' : WORDS.noneAsked;
}

export function minutes(seconds) {
  if (!isKnown(seconds)) return WORDS.unknown;
  return seconds === Infinity ? WORDS.unreachable : oneDecimal(seconds / 60);
}

// Minutes of a home to the nearest outlet of a column, or the word that says why there are none.
export function timeWords(col, place) {
  if (!isAttached(place)) return WORDS.unattached;
  return untoldWord(col) || minutes(walkS(col, place));
}

export function normMinutes(seconds) {
  return isKnown(seconds) ? String(+(seconds / 60).toPrecision(6)) : WORDS.noneAsked;
}

// Shape, word and colour class of a state, as in the tables.
export function signOf(state, value, required) {
  const words = WORDS.states;
  const isNear = state === 1 && isKnown(value) && required - value <= words.near_within_share + 1e-9;
  if (isNear) return { shape: words.near_sign, word: words.near, code: 'near' };
  return { shape: words.signs[state], word: words.names[state], code: words.codes[state] };
}

export function sourceWords(index) {
  const row = data.sources[index];
  if (!row) return null;
  return { document: row[0], clause: row[1], text: row[2], mark: row[3] };
}
