// Where the map looks: longitude and latitude to pixels and back, north up, in metres that are true at the middle.
const METRES = 111319.49; // one degree of latitude
const NEAREST = 12; // pixels a metre
const FARTHEST = 5e-6;

export class View {
  lon = 0; lat = 0; scale = 0.05; width = 1; height = 1;

  get squeeze() { return Math.cos(this.lat * Math.PI / 180); }

  toPixel([lon, lat]) {
    return [
      this.width / 2 + (lon - this.lon) * METRES * this.squeeze * this.scale,
      this.height / 2 - (lat - this.lat) * METRES * this.scale,
    ];
  }

  toPlace([x, y]) {
    return [
      this.lon + (x - this.width / 2) / (METRES * this.squeeze * this.scale),
      this.lat - (y - this.height / 2) / (METRES * this.scale),
    ];
  }

  move(dx, dy) {
    [this.lon, this.lat] = this.toPlace([this.width / 2 - dx, this.height / 2 - dy]);
  }

  // The place below a pixel stays below it.
  zoom(factor, [x, y] = [this.width / 2, this.height / 2]) {
    const before = this.toPlace([x, y]);
    this.scale = Math.min(NEAREST, Math.max(FARTHEST, this.scale * factor));
    const after = this.toPixel(before);
    this.move(x - after[0], y - after[1]);
  }

  show([west, south, east, north], margin = 32) {
    [this.lon, this.lat] = [(west + east) / 2, (south + north) / 2];
    const wide = Math.max((east - west) * METRES * this.squeeze, 400);
    const high = Math.max((north - south) * METRES, 400);
    const room = [Math.max(this.width - 2 * margin, 60), Math.max(this.height - 2 * margin, 60)];
    this.scale = Math.min(NEAREST, room[0] / wide, room[1] / high);
  }

  bounds() {
    const [west, north] = this.toPlace([0, 0]);
    const [east, south] = this.toPlace([this.width, this.height]);
    return [west, south, east, north];
  }
}
