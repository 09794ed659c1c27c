// What stands around the picture: buttons, legend, scale bar, the line below.
import { KINDS, colour, lineColour, pointLook } from "./looks.js";
import { paintMark } from "./paint.js";
import { points } from "./shapes.js";
import { WORDS } from "./words.js";

const GROUND = new Set(["water", "green", "building", "street"]);

export function make(tag, name, text = "") {
  const part = document.createElement(tag);
  part.className = name;
  part.textContent = text;
  return part;
}

export function buttons(acts) {
  const box = make("div", "map-buttons");
  for (const [text, word, act] of acts) {
    const button = make("button", "", text);
    [button.type, button.title] = ["button", word];
    button.setAttribute("aria-label", word);
    button.addEventListener("click", act);
    box.append(button);
  }
  return box;
}

function swatch(feature, types) {
  const face = make("canvas", "map-swatch");
  const ratio = devicePixelRatio || 1;
  [face.width, face.height] = [22 * ratio, 16 * ratio];
  const pen = face.getContext("2d");
  pen.scale(ratio, ratio);
  if (points(feature.geometry).length) {
    paintMark(pen, [11, 8], pointLook(feature, types));
    return face;
  }
  const kind = KINDS[feature.properties.kind] ?? {};
  [pen.strokeStyle, pen.lineWidth] = [colour(lineColour(feature) ?? "--ink"), kind.width ?? 1.5];
  pen.setLineDash(kind.dash ?? []);
  pen.strokeRect(2, 2.5, 18, 11);
  return face;
}

// One line for each look that is on the map, with the words that came with the data.
export function legend(collection, types) {
  const seen = new Map();
  for (const feature of collection.features) {
    const { kind, sign, type } = feature.properties ?? {};
    if (!kind || GROUND.has(kind) || !feature.geometry) continue;
    const key = [kind, type && `type:${type}`, sign && `sign:${sign}`].filter(Boolean).join(" ");
    const entry = seen.get(key) ?? { feature, n: 0 };
    entry.n += feature.properties.count ?? 1;
    seen.set(key, entry);
  }
  const words = collection.words ?? {};
  const box = make("details", "map-legend");
  box.append(make("summary", "", WORDS.legend));
  const list = make("ul", "");
  for (const { feature, n } of [...seen.values()].slice(0, 40)) {
    const { kind, sign, type } = feature.properties;
    const parts = [type ? words[`type:${type}`] ?? type : words[`kind:${kind}`] ?? kind, sign && (words[`sign:${sign}`] ?? sign)];
    const line = make("li", "");
    line.append(swatch(feature, types), make("span", "", parts.filter(Boolean).join(" · ")), make("small", "", String(n)));
    list.append(line);
  }
  box.append(list);
  box.open = seen.size <= 8 && innerWidth > 860;
  box.hidden = !seen.size;
  return box;
}

export function scaleBar(bar, view) {
  const most = 110 / view.scale;
  const ten = 10 ** Math.floor(Math.log10(most));
  const length = [5, 2, 1].map((n) => n * ten).find((n) => n <= most) ?? ten;
  bar.style.width = `${length * view.scale}px`;
  bar.textContent = length >= 1000 ? `${length / 1000} ${WORDS.kilometres}` : `${length} ${WORDS.metres}`;
}

const dayOf = (text) => text.replace(/^(\d{4})-0?(\d+)-0?(\d+)$/, "$1年$2月$3日");

export function below(place, collection) {
  const review = place.dataset.review;
  const told = [review ? WORDS.review + review : WORDS.sketch];
  if (collection.as_of) told.push(WORDS.asOf + dayOf(collection.as_of));
  if (collection.source) told.push(collection.source);
  if (collection.note) told.push(collection.note);
  return told.join(" · ");
}
