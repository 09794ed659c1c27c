// The button of the sign-off page; without script the browser's own print does the same.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
