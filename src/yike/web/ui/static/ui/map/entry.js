// What a form gets from the map: one place (pin) or one boundary, written into fields of the page.
import { colour } from "./looks.js";
import { WORDS } from "./words.js";

const DIGITS = 6;
const named = (selector) => (selector ? document.querySelector(selector) : null);
const rounded = (n) => Number(n.toFixed(DIGITS));

function say(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// data-pick-lon and data-pick-lat name two inputs; a press sets the pin, typing moves it.
export function pinOf(place, repaint) {
  const [lon, lat] = ["pickLon", "pickLat"].map((name) => named(place.dataset[name]));
  if (!lon || !lat) return null;
  [lon, lat].forEach((field) => field.addEventListener("change", repaint));
  const read = () => (lon.value !== "" && lat.value !== "" ? [Number(lon.value), Number(lat.value)] : null);
  return {
    place: read,
    features: () => (read() ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: read() } }] : []),
    press(where) { say(lon, rounded(where[0])); say(lat, rounded(where[1])); repaint(); },
    paint(pen, view) {
      if (!read()) return;
      const [x, y] = view.toPixel(read());
      pen.beginPath();
      pen.moveTo(x, y); pen.bezierCurveTo(x - 4, y - 10, x - 12, y - 14, x - 12, y - 24);
      pen.arc(x, y - 24, 12, Math.PI, 0); pen.bezierCurveTo(x + 12, y - 14, x + 4, y - 10, x, y);
      pen.fillStyle = colour("--primary"); pen.fill();
      [pen.strokeStyle, pen.lineWidth] = [colour("--paper"), 2]; pen.stroke();
      pen.beginPath(); pen.arc(x, y - 24, 4.5, 0, 7); pen.fillStyle = colour("--paper"); pen.fill();
    },
  };
}

// data-draw names a text field of GeoJSON; each press adds a corner, Backspace takes the last away.
export function drawingOf(place, face, repaint) {
  const field = named(place.dataset.draw);
  if (!field) return null;
  const read = () => {
    try {
      const told = JSON.parse(field.value || "null");
      return told?.type === "Polygon" ? told.coordinates[0].slice(0, -1) : [];
    } catch { return []; }
  };
  let corners = read();
  const write = () => {
    const ring = corners.map((c) => c.map(rounded));
    say(field, ring.length > 2 ? JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] }) : "");
    repaint();
  };
  const takeBack = () => { corners = corners.slice(0, -1); write(); };
  field.addEventListener("change", () => { corners = read(); repaint(); });
  face.addEventListener("keydown", (event) => {
    if (event.key !== "Backspace" || !corners.length) return;
    event.preventDefault();
    takeBack();
  });
  return {
    acts: [["↶", WORDS.takeBack, takeBack], ["✕", WORDS.clear, () => { corners = []; write(); }]],
    features: () => (corners.length ? [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: corners } }] : []),
    press(where) { corners = [...corners, where]; write(); },
    paint(pen, view) {
      if (!corners.length) return;
      pen.beginPath();
      corners.forEach((c, i) => pen[i ? "lineTo" : "moveTo"](...view.toPixel(c)));
      if (corners.length > 2) pen.closePath();
      pen.globalAlpha = 0.15; pen.fillStyle = colour("--danger"); pen.fill(); pen.globalAlpha = 1;
      [pen.strokeStyle, pen.lineWidth] = [colour("--danger"), 2]; pen.stroke();
      for (const corner of corners) {
        pen.beginPath(); pen.arc(...view.toPixel(corner), 4, 0, 7);
        pen.fillStyle = colour("--paper"); pen.fill(); pen.stroke();
      }
    },
  };
}
