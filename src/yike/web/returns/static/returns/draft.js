// What is typed is mirrored on this device until it is saved; a page that finds such a draft asks.
import { cellByKey, openCells, setText, textOf } from "./cells.js";

export function attachDraft({ form, table, say }) {
  const place = `yike:${form.dataset.draft}`, ask = document.querySelector("[data-draft-ask]");
  const first = new Map(openCells(table).map((c) => [c.dataset.key, c.dataset.saved ?? textOf(c)])); // what the server keeps
  let waits = 0, asked = false;

  const read = () => { try { return JSON.parse(localStorage.getItem(place) ?? "null"); } catch { return null; } };
  const drop = () => { try { localStorage.removeItem(place); } catch { /* storage is switched off */ } };

  function keep() {
    const cells = {}, whys = {};
    for (const cell of openCells(table)) {
      const text = textOf(cell);
      if (text !== first.get(cell.dataset.key)) cells[cell.dataset.key] = text;
    }
    for (const input of document.querySelectorAll('input[name^="why-"]')) if (input.value !== input.defaultValue) whys[input.name] = input.value;
    if (!Object.keys(cells).length && !Object.keys(whys).length) return drop();
    try { localStorage.setItem(place, JSON.stringify({ at: Date.now(), cells, whys })); form.dataset.mirrored = ""; } catch { /* full or off: the page still asks on leaving */ }
  }

  function offer(kept) {
    const differing = Object.entries(kept.cells).filter(([key, text]) => first.has(key) && textOf(cellByKey(table, key)) !== text);
    if (!differing.length) return keep();
    asked = true;
    ask.hidden = false;
    const when = new Date(kept.at).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });
    ask.querySelector("span").textContent = `这台设备上有 ${differing.length} 格填了还没有保存（${when}）。`;
    const [restore, forget] = ask.querySelectorAll("button");
    restore.onclick = () => {
      for (const [key, text] of differing) setText(cellByKey(table, key), text);
      for (const [name, text] of Object.entries(kept.whys)) {
        const input = document.querySelector(`input[name="${name}"]`);
        if (input) input.value = text;
      }
      ask.hidden = true;
      asked = false;
      say(`已恢复 ${differing.length} 格，还没有保存。`);
    };
    forget.onclick = () => { drop(); ask.hidden = true; asked = false; say("已丢弃这台设备上的草稿。"); };
  }

  const kept = read();
  if (kept) offer(kept);
  const soon = () => {
    clearTimeout(waits);
    if (!asked) waits = setTimeout(keep, 300);
  };
  form.addEventListener("input", soon);
  document.addEventListener("input", ({ target }) => { if (target.name?.startsWith("why-")) soon(); });
  addEventListener("pagehide", () => { if (!asked) keep(); });
}
