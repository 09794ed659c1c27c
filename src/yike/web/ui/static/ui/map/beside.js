// The list beside the map: a row whose link a feature carries too is the same thing.
const pathOf = (href) => new URL(href, location.href).pathname;

export function beside(place, choose) {
  const list = place.dataset.list ? document.querySelector(place.dataset.list) : null;
  if (!list) return { mark() {} };
  const rows = new Map();
  for (const link of list.querySelectorAll("a[href]")) {
    const row = link.closest("tr, li") ?? link;
    rows.set(pathOf(link.href), row);
    for (const event of ["mouseenter", "focusin"]) row.addEventListener(event, () => choose(pathOf(link.href)));
  }
  let marked = null;
  return {
    mark(feature, scrolls = false) {
      marked?.classList.remove("on-map");
      marked = feature?.properties?.href ? rows.get(pathOf(feature.properties.href)) : null;
      marked?.classList.add("on-map");
      if (scrolls) marked?.scrollIntoView({ block: "nearest" });
    },
  };
}

export const isOf = (feature, path) => Boolean(feature.properties?.href) && pathOf(feature.properties.href) === path;
