// The one service worker of the site. Pages come from the network; when there is none, a page that was kept for
// that, or the page that says so. It keeps no personal page by itself: `offline.js` does, where a form asks for it.

const SHELL = "samspil-shell-1";
const PAGES = "samspil-pages";
const LANGUAGES = ["da", "sv", "en"];

async function fill() {
  const shell = await caches.open(SHELL);
  const wanted = new Set();
  for (const code of LANGUAGES) {
    const answer = await fetch(`/offline?lang=${code}`, { credentials: "omit", cache: "no-cache" });
    if (!answer.ok) throw new Error(`offline page: ${answer.status}`);
    for (const [, path] of (await answer.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)) wanted.add(path);
    await shell.put(`/offline?lang=${code}`, answer);
  }
  await shell.addAll([...wanted]);
}

async function standIn(request) {
  const kept = await caches.match(request, { cacheName: PAGES });
  if (kept) return kept;
  const shell = await caches.open(SHELL);
  return (await shell.match("/offline")) ?? (await shell.match("/offline?lang=en")) ?? Response.error();
}

addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("samspil-") && name !== SHELL && name !== PAGES) await caches.delete(name);
    await clients.claim();
  })());
});

addEventListener("message", (event) => {
  if (event.data === "refresh") event.waitUntil(fill().catch(() => undefined));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => standIn(request)));
  } else if (new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request, { cacheName: SHELL })) ?? Response.error()));
  }
});
