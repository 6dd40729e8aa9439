// Draws the plots of a page with Vega, by its expression interpreter: nothing is ever evaluated as
// code, so that the policy of the pages holds. Each figure already holds the same picture as an
// image, which stays for print and for browsers without scripts.
import { parse, View, loader } from "vega";
import { expressionInterpreter } from "vega-interpreter";

const nothingIsFetched = loader();
nothingIsFetched.load = () => Promise.reject(new Error("a plot carries its own data"));

export async function draw(figure) {
  const live = figure.querySelector("[data-plot-live]");
  try {
    const spec = JSON.parse(figure.querySelector("[data-plot-vega]").content.textContent);
    const view = new View(parse(spec, null, { ast: true }), {
      expr: expressionInterpreter,
      renderer: "canvas",
      loader: nothingIsFetched,
      container: live,
      hover: true,
      tooltip: (_, event, item, value) => tell(figure, event, value),
    });
    live.hidden = false;
    await Promise.all(["", "bold "].map((weight) => document.fonts.load(`${weight}12px "Declarant Sans"`)));
    await view.runAsync();
    for (const drawn of live.querySelectorAll("[role], [aria-label]")) {
      drawn.removeAttribute("role");
      drawn.removeAttribute("aria-label");
    }
    figure.dataset.plot = "live";
  } catch (error) {
    live.hidden = true; // the image stays
    console.warn(error);
  }
}

function tell(figure, event, value) {
  const box = figure.querySelector("[data-plot-tooltip]");
  box.hidden = value == null || value === "";
  if (box.hidden) return;
  const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
  box.replaceChildren(
    ...rows.map(([name, said]) => {
      const line = document.createElement("div");
      line.textContent = name ? `${name}: ${said}` : said;
      return line;
    }),
  );
  const edges = figure.getBoundingClientRect();
  const left = event.clientX - edges.left;
  const beyond = left + box.offsetWidth + 24 > edges.width;
  box.style.left = `${beyond ? Math.max(0, left - box.offsetWidth - 12) : left + 12}px`;
  box.style.top = `${event.clientY - edges.top + 12}px`;
}
