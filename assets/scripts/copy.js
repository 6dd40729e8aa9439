// Copies a full hash, shown shortened, to the clipboard.
import { whenShown } from "./shown.js";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return; // not allowed here: the whole value stands in the page beside it
  }
  const told = button.querySelector("[data-copied]");
  told.textContent = button.dataset.done;
  setTimeout(() => (told.textContent = ""), 4000);
});
whenShown("[data-copy]", (button) => (button.hidden = false));
