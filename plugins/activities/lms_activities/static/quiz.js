// Keeps the answers of a try while somebody thinks, and shows the time that is left. The server's
// clock decides: this one only counts down what the page was told.
const form = document.querySelector("#quiz form");
const said = form?.querySelector("[data-kept]");
const left = document.querySelector("[data-left]");
let waiting, sending = false, again = false;

async function keep() {
  if (sending) { again = true; return; }
  sending = true;
  const data = new FormData(form);
  data.set("act", "keep");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(data), headers: { Accept: "application/json" } });
    const told = await answer.json();
    said.textContent = told.words;
    form.elements.csrf_token.value = told.csrf_token;
    if (told.kept) form.elements.revision.value = told.revision;
    if (told.finished) location.reload();
  } catch { said.textContent = ""; }
  sending = false;
  if (again) { again = false; keep(); }
}

if (form && said) form.addEventListener("change", () => { clearTimeout(waiting); waiting = setTimeout(keep, 800); });

if (left?.dataset.left) {
  const end = performance.now() + 1000 * Number(left.dataset.left);
  const tick = () => {
    const rest = Math.max(Math.round((end - performance.now()) / 1000), 0);
    left.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
    if (rest) setTimeout(tick, 1000); else keep();
  };
  tick();
}
