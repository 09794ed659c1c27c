// A block copied from Excel or WPS goes into the cells from the present one on, as printed or as typed.
import { boxOf, cellOf, numberIn, rowsOf, setText, textOf } from "./cells.js";

// Rows and columns of a copied block; a quoted cell may hold line ends.
export function blockOf(text) {
  const rows = [[""]];
  let quoted = false;
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let i = 0; i < plain.length; i++) {
    const sign = plain[i], row = rows.at(-1);
    if (quoted) {
      if (sign !== '"') row[row.length - 1] += sign;
      else if (plain[i + 1] === '"') { row[row.length - 1] += '"'; i++; }
      else quoted = false;
    } else if (sign === '"' && row.at(-1) === "") quoted = true;
    else if (sign === "\t") row.push("");
    else if (sign === "\n") rows.push([""]);
    else row[row.length - 1] += sign;
  }
  return rows;
}

// What a pasted text means in a cell: as printed already is no change; 0.06 in a column of 万人 is 600 persons.
function meant(cell, text) {
  const plain = text.trim();
  if (plain === cell.querySelector(".printed").textContent.trim()) return textOf(cell);
  const number = numberIn(plain);
  if (number === null) return plain;
  if (cell.dataset.kind === "persons" && /^\d*\.\d+$/.test(plain.normalize("NFKC"))) return String(Math.round(number * 10000));
  return cell.dataset.kind === "text" ? plain : String(number);
}

export function attachPaste({ table, say }) {
  table.addEventListener("paste", (event) => {
    const cell = cellOf(event.target), text = event.clipboardData.getData("text/plain");
    const block = blockOf(text), rows = rowsOf(table);
    const top = rows.findIndex((row) => row.includes(cell));
    if (top < 0 || (block.length === 1 && block[0].length === 1)) return;
    event.preventDefault();
    const left = rows[top].indexOf(cell), old = [];
    let wan = 0;
    block.forEach((line, down) => line.forEach((piece, right) => {
      const to = rows[top + down]?.[left + right];
      if (!to?.classList.contains("open") || !boxOf(to)) return;
      const value = meant(to, piece), was = textOf(to);
      if (to.dataset.kind === "persons" && value !== was && piece.includes(".")) wan += 1;
      if (setText(to, value)) old.push([to, was]);
    }));
    table.dispatchEvent(new CustomEvent("changed-block", { detail: old }));
    const told = old.length ? `已粘贴，改动 ${old.length} 格（Ctrl+Z 撤销）。` : "粘贴的内容与表中相同，0 处差异。";
    say(told + (wan ? `其中 ${wan} 格人数带小数，已按万人换算为人，请核对。` : ""));
  });
}
