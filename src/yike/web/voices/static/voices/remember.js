// A reload or a wrong tap loses nothing: ticks stay in this tab until they have arrived. Nothing leaves the phone.
const form = document.querySelector("form[data-remembers]");
const place = `sheet ${location.pathname}`;
if (!form) {  // the thanks: it has arrived
  try { sessionStorage.removeItem(place); } catch { /* nothing was kept */ }
} else {
  const told = () => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const restore = (pairs) => {
    for (const field of form.elements) {
      if (!field.name || field.name === "csrfmiddlewaretoken") continue;
      const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
  };
  try {
    const kept = sessionStorage.getItem(place);
    if (kept) restore(JSON.parse(kept));
    form.addEventListener("input", () => sessionStorage.setItem(place, JSON.stringify(told())));
  } catch { /* a browser that keeps nothing works without */ }
}
