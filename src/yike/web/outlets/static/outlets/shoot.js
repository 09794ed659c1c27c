// Shows the photo that was taken, so that a blurred one is taken again at once.
for (const place of document.querySelectorAll("[data-shoot]")) {
  const input = place.querySelector("input[type=file]");
  input.addEventListener("change", () => {
    place.querySelector("img")?.remove();
    const [file] = input.files;
    if (!file) return;
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = URL.createObjectURL(file);
    picture.onload = () => URL.revokeObjectURL(picture.src);
    place.prepend(picture);
  });
}
