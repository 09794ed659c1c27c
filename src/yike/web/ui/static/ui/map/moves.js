// Pointer, wheel, fingers and keys. Calls back with what is wanted; knows nothing of what is drawn.
const STEP = 60;

export function attachMoves(face, view, { changed, pressed, pointed, next, opened, whole }) {
  const fingers = new Map();
  let moved = 0;
  const at = (event) => {
    const box = face.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return { far: Math.hypot(a[0] - b[0], a[1] - b[1]), mid: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
  };

  face.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, at(event));
    if (fingers.size === 1) moved = 0;
    face.setPointerCapture(event.pointerId);
  });
  face.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    const now = at(event);
    if (!last) return void pointed(now, event.pointerType);
    const before = fingers.size === 2 ? spread() : null;
    fingers.set(event.pointerId, now);
    moved += Math.hypot(now[0] - last[0], now[1] - last[1]);
    if (before) {
      const after = spread();
      view.zoom(after.far / Math.max(before.far, 1), after.mid);
      view.move(after.mid[0] - before.mid[0], after.mid[1] - before.mid[1]);
    } else if (moved > 4) view.move(now[0] - last[0], now[1] - last[1]);
    changed();
  });
  const lift = (event) => {
    const was = fingers.size;
    if (!fingers.delete(event.pointerId) || event.type === "pointercancel") return;
    if (was === 1 && moved <= 6) pressed(at(event), event.pointerType);
  };
  face.addEventListener("pointerup", lift);
  face.addEventListener("pointercancel", lift);
  face.addEventListener("pointerleave", () => { if (!fingers.size) pointed(null); });
  // A page that is scrolled past a map must not zoom it: the wheel counts with Ctrl, or once the map has been clicked.
  face.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== face) return;
    event.preventDefault();
    view.zoom(2 ** (-event.deltaY / 300), at(event));
    changed();
  }, { passive: false });
  const keys = {
    ArrowLeft: () => view.move(STEP, 0), ArrowRight: () => view.move(-STEP, 0),
    ArrowUp: () => view.move(0, STEP), ArrowDown: () => view.move(0, -STEP),
    "+": () => view.zoom(1.5), "=": () => view.zoom(1.5), "-": () => view.zoom(1 / 1.5), 0: whole,
    n: () => next(1), p: () => next(-1), Enter: opened,
  };
  face.addEventListener("keydown", (event) => {
    const act = keys[event.key] ?? keys[event.key.toLowerCase?.()];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
    changed();
  });
}
