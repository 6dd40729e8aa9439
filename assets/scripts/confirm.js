// A confirmation is a disclosure in the page; here it becomes a modal dialog, which the browser
// gives its focus trap, its Escape key and its inert background.
document.addEventListener("click", (event) => {
  const summary = event.target.closest("[data-confirm] > summary");
  if (summary) {
    event.preventDefault();
    open(summary.parentElement);
    return;
  }
  const close = event.target.closest("[data-confirm-close]");
  if (!close) return;
  const dialog = close.closest("dialog");
  if (dialog) dialog.close();
  else close.closest("[data-confirm]").open = false;
});

function open(confirm) {
  const body = confirm.querySelector("[data-confirm-body]");
  const dialog = document.createElement("dialog");
  dialog.className = "desk-dialog";
  dialog.setAttribute("aria-labelledby", body.dataset.confirmBody);
  dialog.append(body);
  confirm.after(dialog);
  dialog.addEventListener("close", () => {
    confirm.append(body);
    dialog.remove();
    confirm.querySelector("summary").focus();
  });
  dialog.showModal();
  dialog.querySelector("[data-confirm-close]").focus(); // Enter, pressed by habit, does nothing
}
