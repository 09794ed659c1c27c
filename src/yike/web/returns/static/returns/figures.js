// While somebody types: the cell as printed, persons beside 万人, sums of the columns, what cannot be right.
import { boxOf, cellByKey, cellOf, numberIn, openCells, rowsOf, textOf } from "./cells.js";

const SUMMED = [0, 1, 2]; // outlets, staff, chain
const thin = (n) => (n >= 10000 ? n.toLocaleString("en").replaceAll(",", "\u202f") : String(n));

// Hundredths, exact: n persons are n / 100 hundredths of 万人.
function rounded(whole, per, rounding) {
  const [low, rest] = [Math.floor(whole / per), whole % per];
  if (rest * 2 !== per) return low + (rest * 2 > per ? 1 : 0);
  return rounding === "half_even" ? low + (low % 2) : low + 1;
}

const hundredths = (n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, "0")}`;

export function attachFigures({ table, form }) {
  const { decimals, rounding } = table.dataset;

  function printedOf(cell) {
    const text = textOf(cell), number = numberIn(text);
    if (text.trim() === "") return "";
    if (number === null || number < 0) return text;
    switch (cell.dataset.kind) {
      case "persons": return Number.isInteger(number) ? hundredths(rounded(number, 100, rounding)) : text;
      case "count": return Number.isInteger(number) ? (decimals === "2" ? `${number}.00` : String(number)) : text;
      case "percent": return hundredths(rounded(Math.round(number * 1e6), 1e4, rounding));
      default: return text;
    }
  }

  function wrong(cell) {
    const text = textOf(cell).trim(), number = numberIn(text), { kind } = cell.dataset;
    if (!text) return "";
    if (["count", "persons"].includes(kind) && (number === null || number < 0)) return "请填 0 以上的整数；不清楚请留空。";
    if (["count", "persons"].includes(kind) && !Number.isInteger(number)) {
      return kind === "persons" ? "这里按人填写，不是万人；要按万人填请写成 0.06万。" : "请填整数。";
    }
    if (kind === "percent" && (number === null || number < 0 || number > 100)) return `${text} 不在 0 到 100 之间，请核对百分数。`;
    return "";
  }

  function overChain(row) {
    const [outlets, , chain] = row.map((c) => numberIn(textOf(c)));
    return outlets !== null && chain !== null && chain > outlets ? `连锁店 ${chain} 个，多于网点 ${outlets} 个，请核对。` : "";
  }

  function mark(cell, told) {
    const own = cell.dataset.live;
    if (!told && own === undefined) return;
    cell.classList.toggle("has-error", Boolean(told));
    cell.dataset.live = told;
    cell.dataset.told = told;
    boxOf(cell)?.setAttribute("aria-invalid", Boolean(told));
    let line = cell.querySelector(".told");
    if (!line) cell.append(line = Object.assign(document.createElement("small"), { className: "told" }));
    line.textContent = told;
    if (!told) delete cell.dataset.live;
  }

  function show(cell) {
    const print = cell.querySelector(".printed");
    if (!boxOf(cell)) return;
    print.textContent = printedOf(cell);
    const persons = cell.querySelector("[data-persons]"), number = numberIn(textOf(cell));
    if (persons) persons.textContent = Number.isInteger(number) && number >= 0 ? `${thin(number)} 人` : "";
    cell.classList.toggle("changed", boxOf(cell).value !== boxOf(cell).defaultValue);
  }

  function sums() {
    const [total, ...rows] = rowsOf(table);
    for (const column of SUMMED) {
      const known = rows.map((row) => numberIn(textOf(row[column]))).filter((n) => Number.isInteger(n));
      const sum = known.reduce((a, b) => a + b, 0), cell = total[column];
      if (known.length) cell.dataset.stands = String(sum);
      if (boxOf(cell)) boxOf(cell).placeholder = known.length ? String(sum) : "";
      if (textOf(cell).trim()) continue; // typed by hand: shown as typed, and held against the sum
      cell.querySelector(".printed").textContent = !known.length ? "" : column === 1 ? hundredths(rounded(sum, 100, rounding)) : decimals === "2" ? `${sum}.00` : String(sum);
      if (column === 1) tellRounding(known, sum, cell, known.length);
    }
  }

  function tellRounding(known, sum, cell, n) {
    cell.querySelector("[data-persons]").textContent = n ? `${thin(sum)} 人` : "";
    const rows = known.reduce((all, p) => all + rounded(p, 100, rounding), 0), whole = rounded(sum, 100, rounding);
    table.parentElement.querySelector("[data-rounding-note]").textContent =
      rows === whole ? "" : `从业人数按万人逐行相加 ${hundredths(rows)}，实际 ${hundredths(whole)}：先按人求和，再换算万人。`;
  }

  table.addEventListener("input", ({ target }) => {
    const cell = cellOf(target);
    if (!cell) return;
    show(cell);
    mark(cell, wrong(cell));
    const row = rowsOf(table).find((r) => r.includes(cell));
    if (row?.includes(cell) && [row[0], row[2]].includes(cell) && !wrong(row[0]) && !wrong(row[2])) mark(row[2], overChain(row));
    if (row) sums();
    form.dispatchEvent(new CustomEvent("figures", { detail: cell }));
  });

  // A browser that kept what was typed (back, reload) shows it as typed, not as the server printed it.
  for (const cell of openCells(table)) if (boxOf(cell) && boxOf(cell).value !== boxOf(cell).defaultValue) show(cell);
  sums();
}
