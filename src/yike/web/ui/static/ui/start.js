// Loads a behaviour only where the page has something to behave.
const behaviours = [
  ["table[data-sheet]", "./sheet.js"],
  ["[data-progress]", "./progress.js"],
  ["form[data-keeps]", "./leave.js"],
  [".map", "./map.js"],
  ["table[data-picks]", "./picks.js"],
  ["input[type=file]", "./file.js"],
];

for (const [selector, module] of behaviours) {
  const found = document.querySelectorAll(selector);
  if (found.length) import(module).then(({ attach }) => found.forEach(attach));
}
