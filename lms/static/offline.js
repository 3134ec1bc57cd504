// Forms with `data-offline` are kept on this phone when they cannot be sent, and sent when the network is back.
//
// <form method="post" data-offline data-title="Practice log">    what the list of kept things calls it (else the page's title)
// <form ... data-offline data-offline-page>                      keep this page as well, so that it opens without network
// <form ... data-path="^/check-in$" hidden>                      on the offline page: shown when the address fits
//
// What is kept is sent by the person who wrote it, once: the token of the first try goes along with every later one, and
// the server does what it was sent twice once. What is not accepted stays until the reader has looked at it. No clock of
// the phone is asked for anything, and everything is wiped at sign-out.

const WORDS = {
  da: { kept: "Gemt på denne telefon, bliver sendt:", sent: "Sendt:", refused: "Blev ikke modtaget:", look: "Se hvorfor", drop: "Smid væk", signIn: "Log ind for at sende det, der er gemt.", leave: "Noget er ikke sendt endnu. Det går tabt, hvis du logger ud. Log ud alligevel?", back: "Du er på nettet igen", gone: "Det kan ikke gemmes her. Hold siden åben, og prøv igen, når der er net." },
  sv: { kept: "Sparat på den här telefonen, skickas:", sent: "Skickat:", refused: "Togs inte emot:", look: "Se varför", drop: "Släng", signIn: "Logga in för att skicka det som är sparat.", leave: "Något är inte skickat än. Det går förlorat om du loggar ut. Logga ut ändå?", back: "Du är online igen", gone: "Det kan inte sparas här. Håll sidan öppen och försök igen när det finns nät." },
  en: { kept: "Kept on this phone, will be sent:", sent: "Sent:", refused: "Was not accepted:", look: "See why", drop: "Throw away", signIn: "Sign in to send what is kept.", leave: "Something is not sent yet. It is lost when you sign out. Sign out all the same?", back: "You are online again", gone: "It cannot be kept here. Leave the page open, and try again when you are online." },
};
const lang = document.documentElement.lang;
const words = WORDS[lang] ?? WORDS.en;
const STORE = "kept", PAGES = "samspil-pages", SHELL = "samspil-shell-1";
const PATIENCE = 4000, AGAIN = 30000; // milliseconds
const passed = new WeakSet(); // forms that go their own way now
let who = localStorage.getItem("samspil-who") ?? "";

// --- what is kept ---------------------------------------------------------------------------------

const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open("samspil", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
opened.catch(() => undefined); // asked for again, and told, where something is to be kept

async function store(mode, act) {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const deed = database.transaction(STORE, mode);
    const asked = act(deed.objectStore(STORE));
    deed.oncomplete = () => resolve(asked.result);
    deed.onerror = deed.onabort = () => reject(deed.error);
  });
}
const all = () => store("readonly", (kept) => kept.getAll()).catch(() => []);
const write = (item) => store("readwrite", (kept) => kept.put(item));
const remove = (id) => store("readwrite", (kept) => kept.delete(id));

async function wipe() {
  await store("readwrite", (kept) => kept.clear()).catch(() => undefined);
  await globalThis.caches?.delete(PAGES);
  localStorage.removeItem("samspil-who");
  who = "";
}

// --- is there a network, and who are we? ----------------------------------------------------------

async function fresh() {
  const answer = await fetch("/form-token", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = await answer.json();
  if (found.who && found.who !== who) {
    // Another person's things are not for the one who is here now.
    for (const item of await all()) if (item.who && item.who !== found.who) await remove(item.id);
    if (who) await globalThis.caches?.delete(PAGES);
    who = found.who;
    localStorage.setItem("samspil-who", who);
  }
  return found;
}

// --- keeping --------------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (passed.has(form)) return void passed.delete(form);
  const leaves = new URL(form.action, location.href).pathname === "/sign-out";
  if (!leaves && !("offline" in form.dataset)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (leaves) signOut(form, event.submitter);
  else sendOrKeep(form, event.submitter);
}, { capture: true });

function goOn(form, button) {
  passed.add(form);
  form.requestSubmit(button);
}

async function signOut(form, button) {
  if ((await all()).length && !confirm(words.leave)) return;
  await wipe();
  goOn(form, button);
}

async function sendOrKeep(form, button) {
  const shell = "path" in form.dataset;
  if (!shell) {
    try {
      await fresh();
      return goOn(form, button);
    } catch {
      // no network: it is kept below
    }
  }
  const fields = [...new FormData(form, button)].filter(([name]) => name !== "csrf_token");
  const url = new URL(form.action, location.href);
  const title = form.dataset.title || document.title.split(" · ")[0];
  try {
    await write({ url: url.pathname + url.search, title, fields, who, token: "", mark: "", state: "kept" });
  } catch {
    return show(words.gone);
  }
  navigator.storage?.persist?.();
  form.hidden = true;
  form.dispatchEvent(new CustomEvent("samspil:kept", { bubbles: true }));
  await draw();
  send();
}

// --- sending --------------------------------------------------------------------------------------

async function send() {
  if (!navigator.locks) return flush();
  await navigator.locks.request("samspil-send", { ifAvailable: true }, (lock) => lock && flush());
}

async function flush() {
  const waiting = (await all()).filter((item) => item.state === "kept");
  if (!waiting.length) return;
  let now;
  try {
    now = await fresh();
  } catch {
    return; // still no network
  }
  if (!now.who) return draw(words.signIn);
  for (const item of waiting) {
    if (item.who && item.who !== now.who) continue;
    if (item.mark !== now.mark) Object.assign(item, { who: now.who, token: now.token, mark: now.mark });
    await write(item); // before it is sent: a second try must carry the same token
    let answer;
    try {
      answer = await fetch(item.url, { method: "POST", body: body(item), redirect: "manual" });
    } catch {
      return;
    }
    if (answer.type === "opaqueredirect" || answer.ok) {
      await remove(item.id);
      await draw(`${words.sent} ${item.title}`);
      sayBack();
    } else if (answer.status === 401) {
      return draw(words.signIn);
    } else if (answer.status < 500 && answer.status !== 429) {
      await write({ ...item, state: "refused" });
      await draw();
    } else {
      return; // later
    }
    now = await fresh().catch(() => ({})); // each is sent with a token of its own
    if (!now.who) return;
  }
}

function body({ fields, token }) {
  const sent = new FormData();
  sent.set("csrf_token", token);
  for (const [name, value] of fields) sent.append(name, value);
  return fields.some(([, value]) => value instanceof File) ? sent : new URLSearchParams(sent);
}

// --- showing --------------------------------------------------------------------------------------

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

let region;
async function draw(said = "") {
  const items = (await all()).filter((item) => !who || !item.who || item.who === who);
  if (!items.length && !said) return region?.replaceChildren();
  const list = element("ul");
  for (const item of items) {
    const line = element("li", `${item.state === "kept" ? words.kept : words.refused} ${item.title} `);
    if (item.state === "refused") line.append(look(item), " ", drop(item));
    list.append(line);
  }
  const note = element("div", "", { class: "note wait kept" });
  if (said) note.append(element("p", said));
  if (items.length) note.append(list);
  if (!region) {
    region = element("div", "", { role: "status" });
    document.querySelector("main .wrap")?.prepend(region);
  }
  region.replaceChildren(note);
}
const show = (said) => draw(said);

// The page that stood in for another says no longer that there is no network.
function sayBack() {
  const heading = document.querySelector("[data-away]");
  if (!heading) return;
  heading.textContent = words.back;
  heading.nextElementSibling.hidden = true;
}

// Sent as an ordinary form: the page that answers says what is wrong, with everything that was written.
function look(item) {
  const button = element("button", words.look, { class: "btn second", type: "button" });
  button.addEventListener("click", async () => {
    const { token } = await fresh();
    const form = element("form", "", { method: "post", action: item.url, hidden: "" });
    for (const [name, value] of [["csrf_token", token], ...item.fields]) {
      const field = element("input", "", { name, type: value instanceof File ? "file" : "hidden" });
      if (value instanceof File) {
        const files = new DataTransfer();
        files.items.add(value);
        field.files = files.files;
        form.enctype = "multipart/form-data";
      } else field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit(); // it stays in the list until the reader throws it away: nothing is lost on the way
  });
  return button;
}

function drop(item) {
  const button = element("button", words.drop, { class: "btn quiet", type: "button" });
  button.addEventListener("click", async () => {
    await remove(item.id);
    await draw();
  });
  return button;
}

// --- beginning ------------------------------------------------------------------------------------

for (const form of document.querySelectorAll("form[data-path]")) {
  if (!new RegExp(form.dataset.path).test(location.pathname)) continue;
  form.action = location.pathname;
  form.hidden = false;
}

async function prepare() {
  if (!navigator.serviceWorker || !isSecureContext) return;
  const address = "/service-worker.js";
  const policy = globalThis.trustedTypes?.createPolicy("samspil", { createScriptURL: (url) => (url === address ? url : "") });
  // A browser that will not have it (a private window, a certificate it does not know) has no pages without network.
  await navigator.serviceWorker.register(policy ? policy.createScriptURL(address) : address).catch(() => undefined);
  const { active } = await navigator.serviceWorker.ready;
  if (!sessionStorage.getItem("samspil-shell")) {
    active.postMessage("refresh");
    sessionStorage.setItem("samspil-shell", "1");
  }
  const shell = await caches.open(SHELL);
  const own = await shell.match(`/offline?lang=${lang}`);
  if (own) await shell.put("/offline", own);
  if (document.querySelector("form[data-offline-page]")) {
    await fresh();
    const page = await fetch(location.href);
    if (page.ok && !page.redirected) await (await caches.open(PAGES)).put(location.pathname + location.search, page);
  }
}

addEventListener("online", send);
setInterval(send, AGAIN);
draw().then(send);
prepare().catch(() => undefined); // a browser that cannot do this does without
