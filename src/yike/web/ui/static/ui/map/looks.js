// How kinds, signs and types look. Colours are names of the tokens, so that a page and its map agree.
const SIGNS = {
  met: "--good", done: "--good", near: "--amber", gap: "--danger", late: "--danger", wrong: "--danger",
  busy: "--primary", unknown: "--muted", waiting: "--muted", stopped: "--muted", standing: "--muted",
};
const SHAPE_OF_SIGN = { near: "half", gap: "ring", unknown: "ring", waiting: "ring", late: "diamond", wrong: "diamond" };
// Eight colours that the colour-blind tell apart; then the shape changes (Okabe and Ito 2008, yellow darkened).
const TYPES = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A6D00", "#56B4E9", "#5A4A8C", "#1B2421"];
const SHAPES = ["round", "square", "triangle", "diamond"];

// order: what lies below what. name: the smallest scale (pixels a metre) at which names are written.
export const KINDS = {
  water: { order: 0, fill: "--map-water" },
  green: { order: 0, fill: "--map-green" },
  building: { order: 1, fill: "--map-building" },
  street: { order: 2, line: "--map-street", edge: "--map-street-edge", width: 4 },
  area: { order: 3, line: "--edge", width: 1, dash: [6, 4], name: 0.004 },
  community: { order: 4, line: "--map-name", width: 1, dash: [3, 3], fill: "--paper", depth: 0.35, name: 0.02 },
  circle: { order: 5, line: "--primary", width: 2, fill: "--primary", depth: 0.1, name: 0.008, strong: true },
  facility: { order: 7, shape: "square", colour: "--primary" },
  premises: { order: 7, shape: "triangle", colour: "--amber" },
  need: { order: 8, shape: "diamond", colour: "--danger" },
  stop: { order: 8, shape: "triangle", colour: "--isochrone" },
  outlet: { order: 9, shape: "round", colour: "--primary" },
};
const OTHER = { order: 6, line: "--map-name", width: 1.5, shape: "round", colour: "--ink" };

export const kindOf = (feature) => KINDS[feature.properties?.kind] ?? OTHER;

// Types in the order the answer gives them (``types``), else by code: the same list looks the same tomorrow.
export function typeLooks(collection) {
  const codes = collection.types ?? [...new Set(collection.features.map((f) => f.properties?.type).filter(Boolean))].sort();
  return new Map(codes.map((code, i) => [code, {
    colour: TYPES[i % TYPES.length], shape: SHAPES[Math.floor(i / TYPES.length) % SHAPES.length],
  }]));
}

export function pointLook(feature, types) {
  const told = feature.properties ?? {};
  const kind = kindOf(feature);
  const base = types.get(told.type) ?? { colour: kind.colour ?? "--ink", shape: kind.shape ?? "round" };
  if (!told.sign || !(told.sign in SIGNS)) return base;
  return { colour: types.has(told.type) ? base.colour : SIGNS[told.sign], shape: SHAPE_OF_SIGN[told.sign] ?? base.shape };
}

export const lineColour = (feature) => SIGNS[feature.properties?.sign] ?? kindOf(feature).line;

const known = new Map();
export function colour(name) {
  if (!name?.startsWith("--")) return name;
  if (!known.has(name)) known.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return known.get(name);
}
