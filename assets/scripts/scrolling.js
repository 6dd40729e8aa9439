// What scrolls sideways can be reached with the keyboard; what does not is no stop on the way.
import { whenShown } from "./shown.js";

const sizes = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

whenShown("[data-scrolls]", (box) => sizes.observe(box));
