// Asks every second how far a job is, and loads the page anew when it has ended.
const thin = (count) => count.toLocaleString("en").replaceAll(",", "\u202f");

export function attach(place) {
  const bar = place.querySelector("progress");
  const [stage, count] = [place.querySelector("[data-stage]"), place.querySelector("[data-count]")];

  async function ask() {
    try {
      const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const job = await answer.json();
      if (job.has_ended) return void location.reload();
      stage.textContent = job.stage || job.state;
      count.textContent = job.total ? `${thin(job.done)} / ${thin(job.total)}` : "";
      bar.max = job.total || 1;
      if (job.total) bar.value = job.done;
    } catch {
      // The server is not to be reached: keep what is shown and ask again.
    }
    setTimeout(ask, 1000);
  }
  setTimeout(ask, 1000);
}
