// A quiet map on a canvas: areas, circles and points out of GeoJSON, without tiles and without other hosts.
//
// <div class="map" data-layers="URL"> … text for who has no script … </div>      ({% map url %} writes it)
//
// URL answers a FeatureCollection in WGS-84. Properties of a feature: kind (area, community, circle, outlet, facility,
// premises, need, stop; ground: street, water, green, building), label, href, sign (met, near, gap, unknown, …),
// type (points get a colour each), count (a point that stands for many). The collection may carry words
// {"kind:circle": "生活圈", "sign:met": "达标", "type:laundry": "洗染店"}, types (their order), as_of, source, note.
// More on the element: data-list="#id" couples rows of a list whose links features carry; data-by-view asks again with
// &bbox=west,south,east,north for what is in view; data-pick-lon/-lat name inputs that a press fills; data-draw names a
// field that gets a boundary; data-centre="lon,lat" looks there while nothing is drawn; data-review is the 审图号.
// Tells: "map:choose" (detail: the feature or null), "map:view" (detail: [west, south, east, north]).
import { beside, isOf } from "./map/beside.js";
import { drawingOf, pinOf } from "./map/entry.js";
import { featureAt } from "./map/find.js";
import { below, buttons, legend, make, scaleBar } from "./map/furniture.js";
import { kindOf, typeLooks } from "./map/looks.js";
import { attachMoves } from "./map/moves.js";
import { paint } from "./map/paint.js";
import { boundsOf, middle, points } from "./map/shapes.js";
import { View } from "./map/view.js";
import { WORDS } from "./map/words.js";

const NOTHING = { features: [] };

export function attach(place) {
  const view = new View();
  const face = make("canvas", "map-face");
  const [foot, bar, tip] = [make("p", "map-foot"), make("span", "map-bar"), make("div", "map-tip")];
  let shown = { collection: NOTHING, features: [], dots: [], types: new Map(), chosen: null };
  let [hasMoved, isAsked, legendBox] = [false, false, make("span", "")];

  face.tabIndex = 0;
  face.setAttribute("role", "application");
  face.setAttribute("aria-label", `${place.dataset.label ?? ""} ${WORDS.keys}`.trim());
  face.title = "";
  tip.hidden = true;

  const entries = [drawingOf(place, face, repaint), pinOf(place, repaint)].filter(Boolean);
  const rows = beside(place, (path) => choose(shown.collection.features.find((f) => isOf(f, path)) ?? null, false));

  function repaint() {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      const ratio = devicePixelRatio || 1;
      const pen = face.getContext("2d");
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      paint(pen, view, shown);
      entries.forEach((entry) => entry.paint(pen, view));
      scaleBar(bar, view);
      if (!tip.hidden) placeTip();
    });
  }

  function resize() {
    const box = place.getBoundingClientRect();
    const ratio = devicePixelRatio || 1;
    const first = view.width === 1;
    [view.width, view.height] = [Math.max(box.width, 1), Math.max(box.height, 1)];
    [face.width, face.height] = [view.width * ratio, view.height * ratio];
    if (first || !hasMoved) whole();
    repaint();
  }

  function whole() {
    const box = boundsOf([...shown.collection.features, ...entries.flatMap((e) => e.features())]);
    const centre = place.dataset.centre?.split(",").map(Number);
    if (box) view.show(box);
    else if (centre?.length === 2) view.show([centre[0], centre[1], centre[0], centre[1]]);
    repaint();
  }

  let asking = 0;
  function changed() {
    hasMoved = true;
    repaint();
    clearTimeout(asking);
    asking = setTimeout(() => {
      place.dispatchEvent(new CustomEvent("map:view", { detail: view.bounds() }));
      if ("byView" in place.dataset) load();
    }, 250);
  }

  function placeTip() {
    const at = shown.chosen && middle(shown.chosen.geometry);
    if (!at) return;
    const [x, y] = view.toPixel(at);
    tip.style.left = `${Math.min(Math.max(x, 90), view.width - 90)}px`;
    tip.style.top = `${y - (points(shown.chosen.geometry).length ? 14 : 0)}px`;
    tip.classList.toggle("under", y < 90);
  }

  function choose(feature, scrolls = true) {
    if (feature === shown.chosen) return;
    shown.chosen = feature;
    tip.replaceChildren();
    tip.hidden = !feature?.properties?.label;
    if (!tip.hidden) {
      const { label, href, detail } = feature.properties;
      const name = make(href ? "a" : "b", "", label);
      if (href) name.href = href;
      tip.append(name);
      if (detail) tip.append(make("small", "", detail));
    }
    rows.mark(feature, scrolls);
    place.dispatchEvent(new CustomEvent("map:choose", { detail: feature }));
    repaint();
  }

  function next(step) {
    const list = shown.collection.features.filter((f) => f.properties?.label && f.geometry);
    if (!list.length) return;
    const i = list.indexOf(shown.chosen);
    choose(list[(i + step + list.length + (i < 0 && step < 0 ? 1 : 0)) % list.length]);
    const [x, y] = view.toPixel(middle(shown.chosen.geometry));
    if (x < 0 || y < 0 || x > view.width || y > view.height) view.move(view.width / 2 - x, view.height / 2 - y);
  }

  function take(collection) {
    const features = [...collection.features].filter((f) => f.geometry).sort((a, b) => kindOf(a).order - kindOf(b).order);
    const dots = features.filter((f) => points(f.geometry).length);
    shown = { collection, features, dots, types: typeLooks(collection), chosen: null };
    tip.hidden = true;
    const fresh = legend(collection, shown.types);
    legendBox.replaceWith(fresh);
    legendBox = fresh;
    foot.textContent = below(place, collection) + (features.length || entries.length ? "" : ` · ${WORDS.empty}`);
    if (!hasMoved) whole();
    repaint();
  }

  let asked = 0;
  async function load() {
    if (!place.dataset.layers) return take(NOTHING);
    const url = new URL(place.dataset.layers, location.href);
    if ("byView" in place.dataset && hasMoved) url.searchParams.set("bbox", view.bounds().map((n) => n.toFixed(6)).join(","));
    const mine = ++asked;
    if (!hasMoved) foot.textContent = WORDS.loading;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const collection = await answer.json();
      if (mine === asked) take(collection);
    } catch {
      foot.textContent = WORDS.failed;
    }
    place.dataset.ready = "";
  }

  attachMoves(face, view, {
    changed, next, whole: () => { whole(); hasMoved = false; },
    opened: () => { if (shown.chosen?.properties?.href) location.assign(shown.chosen.properties.href); },
    pointed: (pixel, kind) => {
      if (entries.length || (!pixel && tip.matches(":hover, :focus-within"))) return;
      if (pixel) choose(featureAt(shown.features, view, pixel, kind), false);
    },
    pressed: (pixel, kind) => {
      if (entries.length) entries[0].press(view.toPlace(pixel));
      else choose(featureAt(shown.features, view, pixel, kind));
    },
  });

  const acts = [["＋", WORDS.nearer, () => { view.zoom(1.5); changed(); }], ["－", WORDS.farther, () => { view.zoom(1 / 1.5); changed(); }],
    ["⤢", WORDS.whole, () => { whole(); hasMoved = false; }], ...entries.flatMap((entry) => entry.acts ?? [])];
  place.replaceChildren(face, buttons(acts), legendBox, tip, bar, foot);
  new ResizeObserver(resize).observe(place);
  resize();
  load();
}
