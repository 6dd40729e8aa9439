import { whenShown } from "./shown.js";

// A form is sent once: a second press while the first is under way does nothing. It can be sent
// again when the page comes back from the browser's memory, or stayed (the answer was a file).
const PAUSE = 5000; // milliseconds

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  else {
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, PAUSE);
  }
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A request behind the page that fails is said aloud, where the page keeps a place for it.
for (const kind of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(kind, () => {
    const place = document.querySelector("[data-request-error]");
    if (place) place.hidden = false;
  });
}

// The focus goes to the summary of errors after a form was refused.
whenShown("[data-error-summary]", (summary) => summary.focus());
