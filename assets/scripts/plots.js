// Fetches the program that draws plots, on pages that have one.
import { whenShown } from "./shown.js";

whenShown("figure[data-plot='still']", async (figure) => {
  const { draw } = await import(figure.dataset.program);
  await draw(figure);
});
