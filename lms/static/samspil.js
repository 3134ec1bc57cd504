// Makes pages a little better where scripts run. Everything works without it.

// A screen reader hears what needs fixing at once, and the keyboard starts there.
document.querySelector(".summary[role=alert]")?.focus();

// A form that is on its way is not sent twice. The button keeps its name and value, so the server still
// learns which one was pressed, and the guard lifts when the reader comes back to the page.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if ("sending" in form.dataset) event.preventDefault();
  else form.dataset.sending = "";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});
