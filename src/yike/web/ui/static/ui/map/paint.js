// Draws everything on the canvas: ground, areas, circles, points, names.
import { colour, kindOf, lineColour, pointLook } from "./looks.js";
import { isSurface, lines, middle, points } from "./shapes.js";

const RADIUS = 5.5;

function trace(pen, view, rings) {
  pen.beginPath();
  for (const ring of rings) {
    ring.forEach((place, i) => pen[i ? "lineTo" : "moveTo"](...view.toPixel(place)));
  }
}

function paintLines(pen, view, feature, isChosen) {
  const kind = kindOf(feature);
  const rings = lines(feature.geometry);
  if (!rings.length) return;
  trace(pen, view, rings);
  if (isSurface(feature.geometry) && (kind.fill || isChosen)) {
    pen.globalAlpha = isChosen ? 0.28 : kind.depth ?? 1;
    pen.fillStyle = colour(kind.strong ? lineColour(feature) : kind.fill ?? "--primary");
    pen.fill("evenodd");
    pen.globalAlpha = 1;
  }
  if (!kind.line) return;
  pen.setLineDash(isChosen ? [] : kind.dash ?? []);
  if (kind.edge) {
    [pen.strokeStyle, pen.lineWidth] = [colour(kind.edge), kind.width + 2];
    pen.stroke();
  }
  [pen.strokeStyle, pen.lineWidth] = [colour(lineColour(feature)), kind.width + (isChosen ? 1.5 : 0)];
  pen.stroke();
  pen.setLineDash([]);
}

export function paintMark(pen, [x, y], look, radius = RADIUS) {
  pen.beginPath();
  if (look.shape === "square") pen.rect(x - radius * 0.9, y - radius * 0.9, radius * 1.8, radius * 1.8);
  else if (look.shape === "triangle") {
    pen.moveTo(x, y - radius * 1.15); pen.lineTo(x + radius * 1.1, y + radius * 0.85);
    pen.lineTo(x - radius * 1.1, y + radius * 0.85); pen.closePath();
  } else if (look.shape === "diamond") {
    pen.moveTo(x, y - radius * 1.25); pen.lineTo(x + radius * 1.25, y);
    pen.lineTo(x, y + radius * 1.25); pen.lineTo(x - radius * 1.25, y); pen.closePath();
  } else pen.arc(x, y, radius, 0, 7);
  const ink = colour(look.colour);
  const isOpen = look.shape === "ring" || look.shape === "half";
  pen.fillStyle = isOpen ? colour("--paper") : ink;
  pen.fill();
  [pen.strokeStyle, pen.lineWidth] = isOpen ? [ink, 2] : [colour("--paper"), 1.2];
  pen.stroke();
  if (look.shape !== "half") return;
  pen.beginPath(); pen.arc(x, y, radius, Math.PI / 2, -Math.PI / 2); pen.fillStyle = ink; pen.fill();
}

function paintCount(pen, [x, y], look, count) {
  const radius = Math.min(24, 10 + Math.log10(count) * 5);
  paintMark(pen, [x, y], { ...look, shape: "round" }, radius);
  pen.fillStyle = colour("--paper");
  [pen.font, pen.textAlign, pen.textBaseline] = ["600 12px sans-serif", "center", "middle"];
  pen.fillText(count > 9999 ? `${(count / 10000).toFixed(1)}万` : String(count), x, y);
}

function paintPoint(pen, view, feature, types, isChosen) {
  const look = pointLook(feature, types);
  for (const place of points(feature.geometry)) {
    const at = view.toPixel(place);
    if (at[0] < -30 || at[1] < -30 || at[0] > view.width + 30 || at[1] > view.height + 30) continue;
    if (isChosen) {
      pen.beginPath(); pen.arc(...at, RADIUS + 6, 0, 7);
      pen.fillStyle = colour("--tint"); pen.fill();
      [pen.strokeStyle, pen.lineWidth] = [colour("--primary"), 2]; pen.stroke();
    }
    const count = feature.properties?.count ?? 0;
    if (count > 1) paintCount(pen, at, look, count);
    else paintMark(pen, at, look, isChosen ? RADIUS + 1.5 : RADIUS);
  }
}

// Names that would cover another name are left out; the stronger kinds come first.
function paintNames(pen, view, features) {
  const taken = [];
  [pen.textAlign, pen.textBaseline, pen.lineJoin] = ["center", "middle", "round"];
  for (const feature of [...features].reverse()) {
    const kind = kindOf(feature);
    const label = feature.properties?.label;
    if (!label || !(kind.name <= view.scale)) continue;
    const place = middle(feature.geometry);
    if (!place) continue;
    let [x, y] = view.toPixel(place);
    if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
    pen.font = `${kind.strong ? "600 13px" : "12px"} "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif`;
    const half = pen.measureText(label).width / 2 + 4;
    x = Math.max(half, Math.min(view.width - half, x)); // a name at the edge stays whole
    const box = [x - half, y - 10, x + half, y + 10];
    if (taken.some((t) => t[0] < box[2] && box[0] < t[2] && t[1] < box[3] && box[1] < t[3])) continue;
    taken.push(box);
    [pen.strokeStyle, pen.lineWidth] = [colour("--paper"), 3.5];
    pen.strokeText(label, x, y);
    pen.fillStyle = colour(kind.strong ? "--ink" : "--map-name");
    pen.fillText(label, x, y);
  }
}

export function paint(pen, view, { features, types, chosen, dots }) {
  pen.fillStyle = colour("--map-ground");
  pen.fillRect(0, 0, view.width, view.height);
  for (const feature of features) paintLines(pen, view, feature, feature === chosen);
  if (chosen) paintLines(pen, view, chosen, true);
  for (const feature of dots) if (feature !== chosen) paintPoint(pen, view, feature, types, false);
  if (chosen) paintPoint(pen, view, chosen, types, true);
  paintNames(pen, view, features);
}
