// Keys move through the sheet as in Excel: arrows, Enter, Tab; typing replaces, F2 or a second click edits.
import { boxOf, cellOf, setText, textOf } from "./cells.js";

const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const stops = (row) => [...row.cells].flatMap((c) => (c.classList.contains("pair") ? [...c.querySelectorAll("td.open")] : c.matches("td.open") ? [c] : []));
const focusable = (cell) => boxOf(cell) ?? cell.querySelector(".boxes input:not([type=hidden])");
const middle = (cell) => { const r = cell.getBoundingClientRect(); return r.left + r.width / 2; };

export function attachGrid({ table, form }) {
  const rows = [...table.querySelectorAll(":scope > tbody > tr")].map(stops).filter((row) => row.length);
  const undone = [];
  let edits = false, before = "", anchor = null, chosen = [];

  for (const link of table.querySelectorAll("a.from")) link.tabIndex = -1;

  function go(cell) {
    const box = cell && focusable(cell);
    if (!box) return;
    box.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function next(cell, down, right) {
    const at = rows.findIndex((row) => row.includes(cell));
    if (right) {
      const row = rows[at];
      return row[row.indexOf(cell) + right] ?? (right > 0 ? rows[at + 1]?.[0] : rows[at - 1]?.at(-1));
    }
    const row = rows[at + down];
    return row?.reduce((best, one) => (Math.abs(middle(one) - middle(cell)) < Math.abs(middle(best) - middle(cell)) ? one : best));
  }

  function choose(to) {
    chosen.forEach((c) => c.classList.remove("chosen"));
    chosen = to && anchor && to !== anchor ? between(anchor, to) : [];
    chosen.forEach((c) => c.classList.add("chosen"));
  }

  function between(one, other) {
    const [a, b] = [one, other].map((c) => rows.findIndex((row) => row.includes(c))).sort((x, y) => x - y);
    const [left, right] = [one, other].map(middle).sort((x, y) => x - y);
    return rows.slice(a, b + 1).flatMap((row) => row.filter((c) => middle(c) >= left - 2 && middle(c) <= right + 2));
  }

  table.addEventListener("focusin", ({ target }) => {
    const cell = cellOf(target);
    if (!cell || !boxOf(cell)) return;
    edits = false;
    before = target.value;
    target.select();
    if (!chosen.includes(cell)) { anchor = cell; choose(null); }
  });

  table.addEventListener("mousedown", (event) => {
    const cell = cellOf(event.target);
    if (!cell?.classList.contains("open") || event.target.closest("a, label")) return;
    const box = boxOf(cell);
    if (!box) return;
    if (document.activeElement === box) { edits = true; return; }
    event.preventDefault();
    choose(null);
    go(cell);
  });

  table.addEventListener("change", ({ target }) => {
    const cell = cellOf(target);
    if (cell && boxOf(cell) === target) undone.push([[cell, before]]);
  });
  table.addEventListener("changed-block", ({ detail }) => undone.push(detail));

  table.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    if (!cell || event.isComposing || event.keyCode === 229) return;
    const box = boxOf(cell), control = event.ctrlKey || event.metaKey;
    if (control && event.key === "z" && !edits) return void takeBack(event);
    if (control && (event.key === "Home" || event.key === "End")) {
      event.preventDefault();
      return go(event.key === "Home" ? rows[0][0] : rows.at(-1).at(-1));
    }
    if (control || event.altKey) return;
    if (event.key === "F2") { edits = true; box?.setSelectionRange(box.value.length, box.value.length); return; }
    if (event.key === "Escape" && box) { event.preventDefault(); if (box.value !== before) setText(cell, before); edits = false; box.select(); return; }
    if (event.key === "Delete" && !edits && box) {
      event.preventDefault();
      return clear(chosen.length ? chosen : [cell]);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      return go(next(cell, event.shiftKey ? -1 : 1, 0));
    }
    const step = steps[event.key];
    if (!step || (edits && step[1])) return;
    event.preventDefault();
    const to = next(event.shiftKey && chosen.length ? chosen.last ?? cell : cell, ...step);
    if (event.shiftKey && to) {
      anchor ??= cell;
      choose(to);
      chosen.last = to;
      return;
    }
    choose(null);
    go(to);
  });

  function clear(cells) {
    const old = cells.filter(boxOf).map((c) => [c, textOf(c)]);
    old.forEach(([c]) => setText(c, ""));
    undone.push(old);
    edits = false;
  }

  function takeBack(event) {
    event.preventDefault();
    document.activeElement?.dispatchEvent(new Event("change", { bubbles: true }));
    let old = undone.pop();
    while (old && old.every(([c, text]) => textOf(c) === text)) old = undone.pop();
    old?.forEach(([c, text]) => setText(c, text));
    if (old) go(old[0][0]);
  }

  table.addEventListener("copy", (event) => {
    if (chosen.length < 2) return;
    event.preventDefault();
    const lines = rows.map((row) => row.filter((c) => chosen.includes(c)).map(textOf)).filter((row) => row.length);
    event.clipboardData.setData("text/plain", lines.map((row) => row.join("\t")).join("\n"));
  });

  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
    event.preventDefault();
    form.requestSubmit(document.querySelector("button[data-save]"));
  });
}
