// Marking by keyboard. Every key presses something that is on the page for the mouse as well.
const form = document.querySelector("form[data-marking]");

if (form) {
  document.querySelector("[data-keys-list]")?.removeAttribute("hidden");
  const rows = [...form.querySelectorAll("[data-row]")];
  const text = form.elements.text;
  let now = 0;
  point(rows.findIndex((row) => !row.querySelector(":checked")));

  addEventListener("keydown", (event) => {
    const typing = event.target === text || event.target.matches("input[type=text]");
    if (event.ctrlKey && event.key === "Enter") {
      press(`button[name=outcome][value=${event.shiftKey ? "returned" : "accepted"}]`, event);
    } else if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      insert(Number(event.code.slice(5)) - 1, event);
    } else if (event.altKey && event.code === "KeyN") {
      press("[data-next]", event);
    } else if (!typing && !event.ctrlKey && !event.altKey && !event.metaKey && /^[1-9]$/.test(event.key)) {
      choose(Number(event.key) - 1, event);
    }
  });

  for (const button of form.querySelectorAll("button[name=snippet]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      put(button.dataset.words);
    });
  }

  function press(what, event) {
    const found = form.querySelector(what);
    if (!found) return;
    event.preventDefault();
    found.click();
  }

  function choose(number, event) {
    const level = rows[now]?.querySelectorAll("input[type=radio]")[number];
    if (!level) return;
    event.preventDefault();
    level.checked = true;
    if (now + 1 < rows.length) point(now + 1);
    else text.focus();
  }

  function insert(number, event) {
    const button = form.querySelectorAll("button[name=snippet]")[number];
    if (!button) return;
    event.preventDefault();
    put(button.dataset.words);
  }

  function put(words) {
    text.value = text.value ? `${text.value}\n${words}` : words;
    text.focus();
  }

  function point(row) {
    now = Math.max(row, 0);
    for (const [place, one] of rows.entries()) one.toggleAttribute("data-now", place === now);
    rows[now]?.focus({ preventScroll: false });
  }
}
