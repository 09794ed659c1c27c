// Which feature lies below a pixel: the nearest point within reach, else the smallest surface that holds it.
import { holds, isSurface, lines, points } from "./shapes.js";

const REACH = { mouse: 10, touch: 22 };

export function featureAt(features, view, pixel, pointer = "mouse") {
  let best = null;
  let least = REACH[pointer] ?? REACH.mouse;
  for (const feature of features) {
    for (const place of points(feature.geometry)) {
      const [x, y] = view.toPixel(place);
      const far = Math.hypot(x - pixel[0], y - pixel[1]);
      if (far <= least) [best, least] = [feature, far];
    }
  }
  if (best) return best;
  const place = view.toPlace(pixel);
  const around = features.filter((f) => isSurface(f.geometry) && f.properties?.label && holds(lines(f.geometry), place));
  return around.at(-1) ?? null;
}
