// The sheet behaves as a sheet: keys, paste, live sums, reasons, a draft that survives closing the browser.
import { attachGrid } from "./grid.js";
import { attachPaste } from "./paste.js";
import { attachFigures } from "./figures.js";
import { attachBeside } from "./beside.js";
import { attachDraft } from "./draft.js";

const form = document.querySelector("form#sheet");
const table = document.querySelector("table.annex");

if (table && !form) attachBeside({ table, form: null, say: () => {} }); // only to look at
if (form && table) {
  const says = document.querySelector("[data-says]");
  const sheet = { form, table, say: (text) => { says.textContent = text; } };
  table.classList.add("live");
  attachFigures(sheet);
  attachGrid(sheet);
  attachPaste(sheet);
  attachBeside(sheet);
  attachDraft(sheet);
}
