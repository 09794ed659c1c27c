// Local metres to screen pixels and back; north is up.

const FOOT_PX = 44; // the scale bar and the date lie over the lower edge

export class View {
  constructor() {
    this.x = 0; // metres at the middle
    this.y = 0;
    this.scale = 1; // pixels per metre
    this.width = 1;
    this.height = 1;
  }

  fit(bounds, margin) {
    const [west, south, east, north] = bounds;
    this.x = (west + east) / 2;
    this.y = (south + north) / 2;
    const across = Math.max(east - west, 50);
    const up = Math.max(north - south, 50);
    this.scale = Math.min((this.width - 2 * margin) / across, (this.height - 2 * margin - FOOT_PX) / up);
    this.scale = Math.max(0.005, this.scale);
    this.y -= FOOT_PX / 2 / this.scale;
  }

  px(x) {
    return (x - this.x) * this.scale + this.width / 2;
  }

  py(y) {
    return this.height / 2 - (y - this.y) * this.scale;
  }

  metresAt(px, py) {
    return [(px - this.width / 2) / this.scale + this.x, (this.height / 2 - py) / this.scale + this.y];
  }

  box(margin) {
    const half = [this.width / 2 / this.scale + margin, this.height / 2 / this.scale + margin];
    return [this.x - half[0], this.y - half[1], this.x + half[0], this.y + half[1]];
  }

  zoomAt(px, py, factor) {
    const [x, y] = this.metresAt(px, py);
    this.scale = Math.min(4, Math.max(0.005, this.scale * factor));
    this.x = x - (px - this.width / 2) / this.scale;
    this.y = y + (py - this.height / 2) / this.scale;
  }

  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
  }

  copy() {
    return Object.assign(new View(), this);
  }
}

// Traces those lines of a layer that touch the view into the open path.
export function trace(ctx, view, layer, isClosed, wanted) {
  const { xy, ptr, box, n } = layer;
  const [west, south, east, north] = view.box(20 / view.scale);
  for (let i = 0; i < n; i++) {
    if (wanted && !wanted(i)) continue;
    const b = 4 * i;
    if (box[b] > east || box[b + 2] < west || box[b + 1] > north || box[b + 3] < south) continue;
    if (isClosed && (box[b + 2] - box[b]) * view.scale < 1 && (box[b + 3] - box[b + 1]) * view.scale < 1) continue;
    ctx.moveTo(view.px(xy[2 * ptr[i]]), view.py(xy[2 * ptr[i] + 1]));
    for (let k = ptr[i] + 1; k < ptr[i + 1]; k++) ctx.lineTo(view.px(xy[2 * k]), view.py(xy[2 * k + 1]));
    if (isClosed) ctx.closePath();
  }
}
