// Activities of an outline are moved by dragging, or from the keyboard by their handle. Without this the buttons do it.

const form = document.querySelector("#order-form");
const lists = [...document.querySelectorAll("ol[data-module]")];
const rows = () => [...document.querySelectorAll("li[data-activity]")];
const words = document.querySelector("[data-drag-hint]");
let held = null; // {row, home: [parent, next sibling], byKeys}

if (form && lists.length && rows().length > 1) {
  if (words) words.hidden = false;
  for (const row of rows()) {
    const handle = row.querySelector("[data-handle]");
    handle.hidden = false;
    handle.addEventListener("pointerdown", grab);
    handle.addEventListener("keydown", press);
    handle.addEventListener("blur", () => held?.byKeys && held.row === row && put(held));
  }
}

function take(row, byKeys) {
  held = { row, byKeys, home: [row.parentElement, row.nextElementSibling] };
  row.dataset.held = "";
}

function put({ row, home }) {
  held = null;
  delete row.dataset.held;
  const same = row.parentElement === home[0] && row.nextElementSibling === home[1];
  if (!same) send(row);
}

function back() {
  const { row, home } = held;
  held = null;
  delete row.dataset.held;
  home[0].insertBefore(row, home[1]);
}

function send(row) {
  form.elements.order.value = rows()
    .map((one) => `${one.closest("ol").dataset.module ?? ""}:${one.dataset.activity}`)
    .join(" ");
  form.elements.moved.value = row.dataset.activity;
  form.requestSubmit();
}

// --- the pointer

// Heard on the document: a row that is put elsewhere loses the pointer it has captured.
function grab(event) {
  if (event.button !== 0) return;
  event.preventDefault();
  take(event.currentTarget.closest("li"), false);
  document.addEventListener("pointermove", drag);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
}

function drag(event) {
  const list = lists.find((one) => {
    const box = one.closest("section").getBoundingClientRect();
    return event.clientY >= box.top && event.clientY < box.bottom;
  });
  if (!held || !list) return;
  const next = [...list.querySelectorAll(":scope > li[data-activity]")].find((one) => {
    if (one === held.row) return false;
    const box = one.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  });
  const last = next ?? null;
  if (held.row.nextElementSibling !== last || held.row.parentElement !== list) {
    list.insertBefore(held.row, last);
  }
}

function drop(event) {
  document.removeEventListener("pointermove", drag);
  document.removeEventListener("pointerup", drop);
  document.removeEventListener("pointercancel", drop);
  if (!held) return;
  if (event.type === "pointerup") put(held);
  else back();
}

// --- the keyboard: space takes and puts, arrows move, escape leaves it where it was

function press(event) {
  const row = event.currentTarget.closest("li");
  if (event.key === " " || event.key === "Enter") {
    event.preventDefault();
    if (held) put(held);
    else take(row, true);
    event.currentTarget.setAttribute("aria-pressed", String(held !== null));
  } else if (held && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    step(row, event.key === "ArrowUp");
    const byKeys = held;
    held = null; // moving the row takes the focus from its handle, which is not letting go
    event.currentTarget.focus();
    held = byKeys;
  } else if (held && event.key === "Escape") {
    back();
    event.currentTarget.setAttribute("aria-pressed", "false");
    event.currentTarget.focus();
  }
}

function step(row, up) {
  const kept = held;
  held = null;
  const list = row.parentElement;
  const others = [...list.querySelectorAll(":scope > li[data-activity]")];
  const index = others.indexOf(row);
  const beside = others[index + (up ? -1 : 1)];
  const next = lists[lists.indexOf(list) + (up ? -1 : 1)];
  if (beside && up) list.insertBefore(row, beside);
  else if (beside) list.insertBefore(row, beside.nextElementSibling);
  else if (next && up) next.append(row);
  else if (next) next.prepend(row);
  held = kept;
}
