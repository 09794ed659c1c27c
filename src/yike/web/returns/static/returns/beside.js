// The right-hand side: which cell this is and where it comes from; a reason where it differs from its source.
import { boxOf, cellByKey, cellOf, numberIn, setText, textOf } from "./cells.js";

const same = (one, other) => one === other || (numberIn(one) !== null && numberIn(one) === numberIn(other));

export function attachBeside({ table, form, say }) {
  const panel = document.querySelector("[data-present]"), reasons = document.querySelector("[data-reasons]");

  function present(cell) {
    if (!panel) return;
    const { label, said, stands, told, unit } = cell.dataset;
    panel.hidden = false;
    panel.querySelector("h2").textContent = label;
    panel.querySelector("[data-said]").textContent = said ?? (cell.dataset.sum === undefined ? "没有来源，由人填写。" : "各行相加；要另填，请写明原因。");
    const wrong = panel.querySelector("[data-wrong]");
    wrong.textContent = told ?? "";
    wrong.hidden = !told;
    const back = panel.querySelector("button");
    back.hidden = stands === undefined || same(stands, textOf(cell)) || !cell.classList.contains("open");
    back.textContent = `改回 ${stands ?? ""} ${unit ?? ""}`.trim();
    back.onclick = () => { setText(cell, cell.dataset.sum === undefined ? stands : ""); present(cell); };
    const more = panel.querySelector("a"), from = cell.querySelector("a.from");
    const remark = document.querySelector("form.note select");
    if (remark) remark.value = cell.dataset.key;
    more.href = from ? from.href : panel.dataset.cells.replace("CELL", cell.dataset.key);
  }

  function reason(cell) {
    const { key, stands, label, said } = cell.dataset, name = `why-${key}`;
    let line = reasons.querySelector(`[data-why="${key}"]`);
    const isSum = cell.dataset.sum !== undefined; // an empty 合计 is the sum of its rows
    const differs = stands !== undefined && !same(stands, textOf(cell)) && !(isSum && !textOf(cell).trim());
    cell.classList.toggle("differs", differs);
    if (!differs) {
      if (line && !line.querySelector("input").defaultValue) line.remove();
      else if (line) line.hidden = true;
    } else if (line) line.hidden = false;
    else {
      line = reasons.querySelector("template").content.firstElementChild.cloneNode(true);
      line.dataset.why = key;
      line.querySelector("a").textContent = label;
      line.querySelector("a").href = `#${cell.id}`;
      line.querySelector("small").textContent = said;
      Object.assign(line.querySelector("input"), { name });
      line.querySelector("input").setAttribute("form", form.id);
      line.querySelector("input").setAttribute("aria-label", `${label}：为什么与来源不同`);
      reasons.append(line);
    }
    reasons.closest("section").hidden = ![...reasons.querySelectorAll("[data-why]")].some((l) => !l.hidden);
  }

  table.addEventListener("focusin", ({ target }) => { const cell = cellOf(target); if (cell) present(cell); });
  table.addEventListener("click", ({ target }) => { const cell = cellOf(target); if (cell && !target.closest("a")) present(cell); });
  form?.addEventListener("figures", ({ detail }) => { reason(detail); present(detail); });

  // Every link to a cell jumps into it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#cell-"]');
    const cell = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!cell) return;
    event.preventDefault();
    cell.scrollIntoView({ block: "center" });
    (boxOf(cell) ?? cell.querySelector(".boxes input:not([type=hidden])"))?.focus({ preventScroll: true });
    present(cell);
  });

  // A cell that cannot be right is not sent: say which, and go there.
  form?.addEventListener("submit", (event) => {
    const bare = [...reasons.querySelectorAll("[data-why]")].find((l) => !l.hidden && !l.querySelector("input").value.trim());
    if (!bare) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    bare.querySelector("input").focus();
    say("这一格与来源不同，请先写一句说明；写好再保存。");
  }, { capture: true });
}
