// The gate on the screen of a room: drawn anew when somebody has answered, and not otherwise.
const room = document.querySelector("[data-pulse]");

async function look() {
  const answer = await fetch(room.dataset.pulse, { cache: "no-store" }).catch(() => null);
  if (answer?.redirected || answer?.status === 404) return location.reload(); // signed out, or no longer one of them
  if (!answer?.ok) return; // no network just now: the next look may have it
  const { stamp } = await answer.json();
  if (stamp !== room.dataset.stamp) location.reload();
}

if (room) setInterval(look, 4000);
