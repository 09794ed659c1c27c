// Arrow keys, Home, End and Enter move through a table as through a sheet; one cell at a time can be reached by Tab.
const steps = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -Infinity], End: [0, Infinity],
};

const within = (value, last) => Math.max(0, Math.min(last, value));

export function attach(table) {
  const rows = [...table.tBodies[0].rows];
  let current = rows[0]?.cells[0];
  if (!current) return;
  current.tabIndex = 0;

  function moveTo(row, column) {
    const cells = rows[within(row, rows.length - 1)].cells;
    const next = cells[within(column, cells.length - 1)];
    current.tabIndex = -1;
    current = next;
    current.tabIndex = 0;
    current.focus();
    current.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  table.addEventListener("keydown", (event) => {
    if (event.target !== current || event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      current.querySelector("a, button, input:not([type=checkbox])")?.click();
      return;
    }
    const box = event.key === " " && current.parentElement.querySelector("input[name=picked]");
    if (box) {
      event.preventDefault();
      box.click();
      return;
    }
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const [down, right] = step;
    const jumps = event.ctrlKey && (event.key === "Home" || event.key === "End");
    const row = jumps ? (event.key === "Home" ? 0 : rows.length - 1) : rows.indexOf(current.parentElement) + down;
    moveTo(row, current.cellIndex + right);
  });

  table.addEventListener("click", (event) => {
    const cell = event.target.closest("tbody td, tbody th");
    if (!cell || event.target.closest("a, button, input")) return;
    moveTo(rows.indexOf(cell.parentElement), cell.cellIndex);
  });
}
