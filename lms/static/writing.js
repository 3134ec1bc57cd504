// Shows a formatted text as it will be read while it is written, and what is to be said of it.
// The server reads the text; here elements are built one by one, so no HTML is ever read.

const PAUSE = 700;

function build(nodes, into) {
  for (const node of nodes) {
    if (typeof node === "string") { into.append(node); continue; }
    const [tag, attributes, children] = node;
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    build(children, element);
    into.append(element);
  }
}

function watch(field) {
  const shown = document.createElement("div");
  shown.className = "prose flow panel";
  shown.lang = field.lang;
  shown.hidden = true;
  const said = document.createElement("ul");
  said.setAttribute("role", "status");
  field.after(said, shown);

  let waiting, asked = 0;
  async function look() {
    const number = ++asked;
    const body = new FormData();
    body.set("csrf_token", field.form.elements.csrf_token.value);
    body.set("text", field.value);
    body.set("place", field.dataset.place ?? "");
    let answer;
    try {
      const response = await fetch(field.dataset.check, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!response.ok) return;
      answer = await response.json();
    } catch { return; }
    if (number !== asked) return; // an older answer came later
    shown.replaceChildren();
    build(answer.tree, shown);
    shown.hidden = !answer.tree.length;
    said.replaceChildren(...answer.remarks.map((remark) => {
      const line = document.createElement("li");
      line.className = remark.kind === "stop" ? "error" : "small";
      line.textContent = remark.text;
      return line;
    }));
  }
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, PAUSE); });
}

for (const field of document.querySelectorAll("textarea[data-check]")) if (field.dataset.check) watch(field);

// A file that is too large is said to be so before it is sent.
for (const field of document.querySelectorAll("input[type=file][data-most]")) {
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  field.after(said);
  field.addEventListener("change", () => {
    const large = [...field.files].filter((file) => file.size > Number(field.dataset.most));
    said.className = large.length ? "error" : "";
    said.textContent = large.length ? `${large.map((file) => file.name).join(", ")}: > ${field.dataset.most / 1048576} MB` : "";
  });
}
