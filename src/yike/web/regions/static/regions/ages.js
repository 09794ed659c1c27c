// Adds the age bands up while they are typed and says how far they are from the people.
const form = document.querySelector("form[data-ages]");
const said = form.querySelector(".age-sum");
const bands = [...form.querySelectorAll("input[name^='age_']")];
bands.at(-1).closest(".field").after(said); // right below what it adds up
const thin = (count) => count.toLocaleString("en").replaceAll(",", "\u202f");

function tell() {
  const told = bands.filter((band) => band.value !== "");
  const sum = told.reduce((all, band) => all + Number(band.value), 0);
  const people = form.elements.people.value;
  said.textContent = told.length ? `各年龄段合计 ${thin(sum)} 人` : "";
  if (!told.length || people === "") return;
  const gap = sum - Number(people);
  const isWhole = told.length === bands.length;
  said.textContent += gap === 0 ? "，与常住人口一致。" : gap > 0 ? `，比常住人口多 ${thin(gap)} 人。`
    : isWhole ? `，比常住人口少 ${thin(-gap)} 人。` : `，还有 ${thin(-gap)} 人没有分到年龄段。`;
  said.classList.toggle("wrong", gap > 0 || (isWhole && gap < 0));
}
form.addEventListener("input", tell);
tell();
