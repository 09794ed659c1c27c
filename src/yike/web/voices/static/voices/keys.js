// Typing a paper sheet in: one figure fills a cell and goes on, Enter goes on, the arrows go back and forth.
for (const form of document.querySelectorAll("form[data-keys]")) {
  const cells = [...form.querySelectorAll("input[data-key]")];
  const first = form.querySelector("input[name=number]");
  const go = (cell, step) => {
    const next = cells[cells.indexOf(cell) + step];
    (next ?? (step > 0 ? form.querySelector("[name=missing]") : first))?.focus();
  };
  first?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); cells[0].focus(); }
  });
  for (const cell of cells) {
    cell.addEventListener("focus", () => cell.select());
    cell.addEventListener("input", () => {
      const figure = cell.value.replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
      cell.value = cell.dataset.key.includes(figure) ? figure : "";
      if (cell.value) go(cell, 1);
    });
    cell.addEventListener("keydown", (event) => {
      const step = { Enter: 1, ArrowRight: 1, ArrowDown: 2, ArrowLeft: -1, ArrowUp: -2 }[event.key];
      if (step) { event.preventDefault(); go(cell, step); }
      if (event.key === "Backspace" && !cell.value) { event.preventDefault(); go(cell, -1); }
    });
  }
}
