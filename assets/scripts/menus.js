// A menu made of <details> closes with Escape and when the focus or a click goes elsewhere.
const opened = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of opened()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, ({ target }) => {
    for (const menu of opened()) if (!menu.contains(target)) menu.open = false;
  });
}
