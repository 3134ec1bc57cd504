// The code on the screen follows the server's clock without the page being loaded anew. Nothing here knows the time:
// the server says how many seconds the code still stands.

const screen = document.querySelector("[data-check-in]");
const picture = screen?.querySelector("[data-picture]");
const code = screen?.querySelector("[data-code]");
const counted = screen?.querySelector("[data-counted]");
const LOOK_EVERY = 5;

async function look() {
  let wait = LOOK_EVERY;
  try {
    const answer = await fetch(screen.dataset.checkIn, { cache: "no-store" });
    if (answer.redirected || answer.status === 404) return location.reload(); // signed out, or no longer a teacher here
    if (answer.ok) {
      const now = await answer.json();
      if (!now.code) return location.reload(); // closed, or over
      if (code.textContent !== now.code) {
        code.textContent = now.code;
        picture.src = now.picture;
      }
      if (counted.textContent !== now.counted) counted.textContent = now.counted;
      wait = Math.min(now.seconds, LOOK_EVERY);
    }
  } catch {
    wait = LOOK_EVERY; // no network just now; the code that stands is good for a while
  }
  setTimeout(look, wait * 1000);
}

if (screen) setTimeout(look, Math.min(Number(screen.dataset.seconds), LOOK_EVERY) * 1000);
