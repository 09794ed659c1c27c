// What a cell of the sheet is to the other modules: its box, its place, its text.
export const cellOf = (node) => node.closest("td.cell");
export const boxOf = (cell) => cell.querySelector(".in > input, .in > textarea");
export const openCells = (table) => [...table.querySelectorAll("td.open")];
export const cellByKey = (table, key) => table.querySelector(`td.cell[data-key="${key}"]`);
export const COLUMNS = ["outlets", "staff", "chain", "satisfaction", "needs"];

// Text of a cell, as it is sent: boxes as the chosen codes.
export function textOf(cell) {
  const box = boxOf(cell);
  if (box) return box.value;
  return [...cell.querySelectorAll(".boxes input:checked")].map((i) => i.value).join("、");
}

// Give a cell a text and let everybody know; true when that changed it.
export function setText(cell, text) {
  if (textOf(cell) === text) return false;
  const box = boxOf(cell);
  if (box) box.value = text;
  else {
    const chosen = text.split("、");
    for (const one of cell.querySelectorAll(".boxes input[value]:not([type=hidden])")) one.checked = chosen.includes(one.value);
  }
  (box ?? cell).dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

// The 23 rows and the total, each as its five cells.
export function rowsOf(table) {
  return [...table.querySelectorAll("tr.total, tr.kind")].map((row) => [...row.querySelectorAll("td.cell")]);
}

// Full-width digits, thousands marks and 12个 as a plain number; null when it is none.
export function numberIn(text) {
  const plain = text.normalize("NFKC").replace(/[\s,_\u202f]|[个座家处人名位%]$/g, "");
  const wan = /^(\d+(?:\.\d+)?)万人?$/.exec(plain);
  if (wan) return Math.round(Number(wan[1]) * 1e10) / 1e6;
  return /^-?\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : null;
}
