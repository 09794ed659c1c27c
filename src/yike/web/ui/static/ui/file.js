// A file chooser that speaks the page's language, whatever the browser's: the words are ours, the choosing is its own.
const NOTHING = "还没有选文件";

const told = (files) => (files.length > 1 ? `已选 ${files.length} 个文件` : (files[0]?.name ?? NOTHING));

export function attach(input) {
  const place = document.createElement("span");
  const [button, name] = [document.createElement("span"), document.createElement("span")];
  place.className = "file";
  button.className = "button";
  button.textContent = input.multiple ? "选择文件（可多选）" : "选择文件";
  name.className = "file-name";
  button.setAttribute("aria-hidden", "true");
  input.replaceWith(place);
  place.append(input, button, name);
  const tell = () => {
    name.textContent = told(input.files);
    place.classList.toggle("is-chosen", input.files.length > 0);
  };
  input.addEventListener("change", tell);
  input.form?.addEventListener("reset", () => setTimeout(tell));
  tell();
}
