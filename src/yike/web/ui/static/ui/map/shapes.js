// Geometry of GeoJSON: its rings, its points, where its name stands, whether a pixel lies in it.
export function lines(geometry) {
  if (!geometry) return [];
  const c = geometry.coordinates;
  switch (geometry.type) {
    case "Polygon": case "MultiLineString": return c;
    case "MultiPolygon": return c.flat();
    case "LineString": return [c];
    case "GeometryCollection": return geometry.geometries.flatMap(lines);
    default: return [];
  }
}

export function points(geometry) {
  if (!geometry) return [];
  if (geometry.type === "Point") return [geometry.coordinates];
  return geometry.type === "MultiPoint" ? geometry.coordinates : [];
}

export const isSurface = (geometry) => geometry?.type === "Polygon" || geometry?.type === "MultiPolygon";

export function boundsOf(features) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const feature of features) {
    for (const [lon, lat] of [...points(feature.geometry), ...lines(feature.geometry).flat()]) {
      box[0] = Math.min(box[0], lon); box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon); box[3] = Math.max(box[3], lat);
    }
  }
  return box[0] <= box[2] ? box : null;
}

// The middle of the largest ring, by its area.
export function middle(geometry) {
  const [point] = points(geometry);
  if (point) return point;
  let best = null;
  let most = -1;
  for (const ring of lines(geometry)) {
    let [sum, x, y] = [0, 0, 0];
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const cross = ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
      sum += cross; x += (ring[j][0] + ring[i][0]) * cross; y += (ring[j][1] + ring[i][1]) * cross;
    }
    if (Math.abs(sum) > most) {
      most = Math.abs(sum);
      best = sum ? [x / (3 * sum), y / (3 * sum)] : ring[Math.floor(ring.length / 2)];
    }
  }
  return best;
}

export function holds(rings, [x, y]) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if ((yi > y) !== (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}
