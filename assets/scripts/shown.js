// Calls `act` for each element that fits the selector: those of the page, and those that come later.
export function whenShown(selector, act) {
  const each = (part) => {
    if (part.matches?.(selector)) act(part);
    for (const found of part.querySelectorAll(selector)) act(found);
  };
  each(document);
  document.addEventListener("htmx:load", ({ target }) => target !== document.body && each(target));
}
