// Dragging an idea to another cluster. It ticks the idea, chooses the cluster and presses the button
// that is on the page for everybody.
const form = document.querySelector("form[data-clusters]");

if (form) {
  form.querySelector("[data-drag-hint]")?.removeAttribute("hidden");
  for (const idea of form.querySelectorAll("[data-idea]")) {
    idea.draggable = true;
    idea.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/plain", idea.dataset.idea);
      event.dataTransfer.effectAllowed = "move";
    });
  }
  for (const cluster of form.querySelectorAll("[data-cluster]")) {
    cluster.addEventListener("dragover", (event) => {
      event.preventDefault();
      cluster.toggleAttribute("data-over", true);
    });
    cluster.addEventListener("dragleave", () => cluster.toggleAttribute("data-over", false));
    cluster.addEventListener("drop", (event) => {
      event.preventDefault();
      cluster.toggleAttribute("data-over", false);
      const key = event.dataTransfer.getData("text/plain");
      const box = [...form.querySelectorAll("input[name=ideas]")].find((one) => one.value === key);
      if (!box || cluster.contains(box)) return;
      for (const one of form.querySelectorAll("input[name=ideas]")) one.checked = one === box;
      form.elements.into.value = cluster.dataset.cluster;
      form.requestSubmit();
    });
  }
}
