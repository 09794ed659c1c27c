// Large pages carry their data packed (see packed.py): unpack it before anything else runs.
async function unpack(holder) {
  if (!window.DecompressionStream) {
    document.documentElement.className = '';
    const told = document.createElement('p');
    told.className = 'empty';
    told.textContent = holder.dataset.sorry;
    document.querySelector('main').prepend(told);
    throw new Error(holder.dataset.sorry);
  }
  const bytes = Uint8Array.from(atob(holder.textContent), (letter) => letter.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(holder.dataset.packed));
  holder.textContent = await new Response(plain).text();
}
