// Rows to be picked: one box for all of the page, and how many are picked told in the form that gets them.
export function attach(table) {
  const boxes = [...table.querySelectorAll("tbody input[name=picked]")];
  const head = table.tHead?.rows[0]?.cells[0];
  const form = document.getElementById(table.dataset.picks);
  if (!boxes.length || !head) return;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", "选择本页全部");
  head.prepend(all);

  function tell() {
    const n = boxes.filter((box) => box.checked).length;
    all.checked = n === boxes.length;
    all.indeterminate = n > 0 && !all.checked;
    form?.querySelectorAll("[data-picked]").forEach((place) => { place.textContent = n; });
    form?.classList.toggle("is-used", n > 0);
  }
  let last = null;
  table.addEventListener("click", (event) => {
    const at = boxes.indexOf(event.target);
    if (at < 0) return;
    if (event.shiftKey && last !== null) {
      for (let i = Math.min(at, last); i <= Math.max(at, last); i++) boxes[i].checked = boxes[at].checked;
    }
    last = at;
    tell();
  });
  all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); tell(); });
  tell();
}
