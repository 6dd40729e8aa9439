// Says how many characters are left in a field with a limit; the text comes from the page.
import { whenShown } from "./shown.js";

const waiting = new WeakMap();

function count(field) {
  const told = document.getElementById(field.dataset.count);
  if (!told) return;
  const left = Number(field.dataset.limit) - [...field.value.replaceAll("\r\n", "\n")].length;
  const text = left < 0 ? told.dataset.over : told.dataset.left;
  const seen = told.querySelector("[data-seen]");
  seen.textContent = text.replace("{n}", Math.abs(left));
  seen.classList.toggle("usa-character-count__status--invalid", left < 0);
  clearTimeout(waiting.get(field)); // read aloud only when the typing pauses
  const spoken = told.querySelector("[data-spoken]");
  waiting.set(field, setTimeout(() => (spoken.textContent = seen.textContent), 1200));
}

whenShown("[data-count]", (field) => field.value && count(field));
document.addEventListener("input", ({ target }) => target.matches("[data-count]") && count(target));
