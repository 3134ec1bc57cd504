// While a problem is written: shows what others told already, and what may tell who somebody is.
// Nothing of it stands in the way of sending; the buttons of the page do the same without it.

const PAUSE = 600; // milliseconds after the last letter
const SHORTEST = 12;

for (const form of document.querySelectorAll("form[data-look]")) watch(form);

function watch(form) {
  const box = form.querySelector("[data-similar]");
  const found = box.querySelector("[data-found]");
  const list = box.querySelector("[data-list]");
  const one = box.querySelector("template[data-one]");
  const warned = form.querySelector("[data-remarks]");
  const said = warned.querySelector("[data-said]");
  const texts = ["what", "title", "today"].map((name) => form.elements[name]);
  let waiting, asked = 0, shown = "";
  box.querySelector("[data-ask]").hidden = true;

  async function look() {
    const number = ++asked;
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    for (const field of texts) body.set(field.name, field.value);
    let answer;
    try {
      const response = await fetch(form.dataset.look, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!response.ok) return;
      answer = await response.json();
    } catch { return; } // no network: the form is kept and sent all the same
    if (number !== asked) return; // an older answer came later
    box.querySelector("[data-nothing]")?.remove();
    list.replaceChildren(...answer.similar.map(drawn));
    found.hidden = !answer.similar.length;
    said.replaceChildren(...answer.remarks.map((remark) => {
      const line = document.createElement("li");
      line.textContent = remark.text;
      return line;
    }));
    warned.hidden = !answer.remarks.length;
    const now = answer.remarks.map((remark) => remark.text).join("\n");
    if (now !== shown) form.elements.no_names.checked = false; // something new to look at
    shown = now;
  }

  function drawn(similar) {
    const item = one.content.cloneNode(true).firstElementChild;
    const link = item.querySelector("[data-title]");
    link.textContent = similar.title;
    link.lang = similar.language;
    link.href = similar.url;
    item.querySelector("[data-spread]").textContent = similar.spread;
    item.querySelector("button").value = `voice:${similar.key}`;
    return item;
  }

  for (const field of texts) {
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      if (field.value.length >= SHORTEST) waiting = setTimeout(look, PAUSE);
    });
  }
}
