// Of the fields of a batch edit only those are shown that its operation looks at.
const OF = { verify: [], status: ["status", "on", "note"], type: ["type_code"], community: ["community"] };

for (const form of document.querySelectorAll("form.edit-many")) {
  const what = form.elements.what;
  const show = () => form.querySelectorAll("[data-of]").forEach((part) => {
    part.hidden = part.dataset.of !== "what" && !OF[what.value]?.includes(part.dataset.of);
  });
  what.addEventListener("change", show);
  show();
}
