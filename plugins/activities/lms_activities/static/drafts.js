// Keeps a draft by itself while somebody writes. The button does the same; this only presses it.
// What is not on the server yet stays in this tab; without network the page's own queue takes over.
const EVERY = 5000;

for (const form of document.querySelectorAll("form[data-draft]")) {
  const said = form.querySelector("[data-kept]");
  const place = `draft:${location.pathname}`;
  let kept = written(form);
  let saving = null;
  let stopped = false;

  recall();

  form.addEventListener("input", () => {
    if (written(form) === kept) return;
    remember();
    say("waits");
  });

  const timer = setInterval(() => {
    if (!stopped && !saving && written(form) !== kept) saving = keep().finally(() => (saving = null));
  }, EVERY);

  form.addEventListener("samspil:kept", () => {
    stopped = true;
    clearInterval(timer);
    forget();
  });

  // A text on its way is waited for, so that nobody is told of a change that was their own.
  form.addEventListener("submit", (event) => {
    if (saving) {
      event.preventDefault();
      event.stopPropagation();
      saving.finally(() => form.requestSubmit(event.submitter));
      return;
    }
    clearInterval(timer);
    if (navigator.onLine) forget();
  });

  async function keep() {
    const sent = written(form);
    const fields = new FormData(form);
    for (const name of [...fields.keys()]) if (fields.get(name) instanceof File) fields.delete(name);
    fields.set("act", "save");
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    } catch {
      say("offline");
      return;
    }
    if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) {
      say("wrong");
      return;
    }
    const told = await answer.json();
    form.elements.csrf_token.value = told.csrf_token;
    if (answer.ok) {
      form.elements.revision.value = told.revision;
      kept = sent;
      if (written(form) === sent) forget();
      say(written(form) === sent ? "kept" : "waits");
    } else if (answer.status === 409) {
      stopped = true;
      say("other");
    } else {
      say("wrong");
    }
  }

  // It comes back with the revision it began with, so that two texts are shown beside each other and
  // neither is lost.
  function remember() {
    try {
      const fields = Object.fromEntries(texts(form).map((field) => [field.name, field.value]));
      sessionStorage.setItem(place, JSON.stringify({ revision: form.elements.revision.value, fields }));
    } catch {
      // A browser that keeps nothing still has the button.
    }
  }

  function recall() {
    let found = null;
    try {
      found = JSON.parse(sessionStorage.getItem(place) || "null");
    } catch {
      found = null;
    }
    if (!found || document.querySelector(".summary[role=alert]")) return;
    for (const field of texts(form)) {
      if (typeof found.fields?.[field.name] === "string") field.value = found.fields[field.name];
    }
    if (written(form) === kept) {
      forget();
      return;
    }
    if (Number(found.revision) < Number(form.elements.revision.value)) {
      form.elements.revision.value = found.revision;
    }
    say("waits");
  }

  function forget() {
    try {
      sessionStorage.removeItem(place);
    } catch {
      // There is nothing to forget where nothing is kept.
    }
  }

  function say(what) {
    if (said) said.textContent = said.dataset[`words${what[0].toUpperCase()}${what.slice(1)}`] || "";
  }
}

function texts(form) {
  return [...form.elements].filter((field) => field.matches("textarea, input[type=text]"));
}

function written(form) {
  const fields = [...form.elements].filter((field) => field.matches("textarea, input[type=text], input[type=checkbox], select"));
  return JSON.stringify(fields.map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]));
}
