// Writes what the pages of the desk load into a folder: `node build.mjs FOLDER`, run where the
// packages of package-lock.json are installed. The same input gives the same bytes.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const here = import.meta.dirname;
const installed = path.resolve(process.cwd(), "node_modules");
const packages = createRequire(path.join(process.cwd(), "package.json"));
const [esbuild, sass] = [packages("esbuild"), packages("sass")];
const uswds = path.join(installed, "@uswds", "uswds");
const target = path.resolve(process.argv[2]);

const FONTS = ["PublicSans-Regular", "PublicSans-Italic", "PublicSans-Bold"];
const BROWSERS = ["chrome111", "edge111", "firefox115", "safari16"];

await rm(target, { recursive: true, force: true });
await mkdir(path.join(target, "fonts"), { recursive: true });
await Promise.all([styles(), scripts(), icons(), fonts(), copies(), licences()]);
await manifest();

async function styles() {
  const { css } = sass.compile(path.join(here, "styles", "desk.scss"), {
    loadPaths: [path.join(uswds, "packages")],
    logger: sass.Logger.silent, // USWDS still uses what Sass will drop
  });
  const pictures = await inlined(css);
  const { code } = await esbuild.transform(pictures, {
    loader: "css",
    minify: true,
    target: BROWSERS,
    legalComments: "none",
  });
  await writeFile(path.join(target, "desk.css"), code);
}

// The small pictures of USWDS go into the style sheet: none of them is worth a request.
async function inlined(css) {
  const found = [...css.matchAll(/url\("?\.\.\/img\/([^")]+)"?\)/g)];
  const named = [...new Set(found.map(([, name]) => name))];
  let text = css;
  for (const name of named) {
    const svg = (await readFile(path.join(uswds, "dist", "img", name), "utf8")).trim();
    const data = `url("data:image/svg+xml,${encodeURIComponent(svg).replaceAll("'", "%27")}")`;
    for (const quote of ["", '"']) text = text.replaceAll(`url(${quote}../img/${name}${quote})`, data);
  }
  return text
    .replaceAll(/@font-face\s*\{[^}]*\}/g, (face) =>
      FONTS.some((font) => face.includes(`${font}.woff2`)) ? face : "",
    )
    .replaceAll("../fonts/public-sans/", "fonts/");
}

async function scripts() {
  await esbuild.build({
    entryPoints: ["desk.js", "uswds.js", "plot.js"].map((name) => path.join(here, "scripts", name)),
    nodePaths: [installed],
    outdir: target,
    bundle: true,
    minify: true,
    format: "esm",
    target: BROWSERS,
    legalComments: "none",
    logLevel: "warning",
  });
}

async function icons() {
  const wanted = JSON.parse(await readFile(path.join(here, "icons.json"), "utf8"));
  const sprite = await readFile(path.join(uswds, "dist", "img", "sprite.svg"), "utf8");
  // "ours=theirs" is an icon of USWDS under the name that the desk has for it
  const symbols = wanted.map((entry) => {
    const [ours, theirs = ours] = entry.split("=");
    const found = sprite.match(new RegExp(`<symbol id="${theirs}"([^>]*>.*?</symbol>)`, "s"));
    if (!found) throw new Error(`icons.json: USWDS has no icon named ${theirs}`);
    return `<symbol id="${ours}"${found[1]}`;
  });
  const text = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
  await writeFile(path.join(target, "icons.svg"), text);
}

async function fonts() {
  const from = path.join(uswds, "dist", "fonts", "public-sans");
  for (const font of FONTS) {
    await cp(path.join(from, `${font}.woff2`), path.join(target, "fonts", `${font}.woff2`));
  }
}

async function copies() {
  await cp(path.join(installed, "htmx.org", "dist", "htmx.min.js"), path.join(target, "htmx.js"));
  await cp(path.join(here, "icon.svg"), path.join(target, "icon.svg"));
}

// Which packages are inside the bundles is read from the bundler, not from a list kept by hand.
async function licences() {
  const { metafile } = await esbuild.build({
    entryPoints: ["uswds.js", "plot.js"].map((name) => path.join(here, "scripts", name)),
    nodePaths: [installed],
    outdir: target,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
  });
  const inside = new Set(["@uswds/uswds", "htmx.org"]);
  for (const file of Object.keys(metafile.inputs)) {
    const found = file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (found) inside.add(found[1]);
  }
  const texts = [];
  for (const name of [...inside].sort()) texts.push(await licence(name));
  const rule = "=".repeat(80);
  const shipped = await readFile(path.join(here, "OFL.txt"), "utf8");
  texts.push(`Public Sans (fonts/PublicSans-*.woff2)\n\n${shipped.trim()}\n`);
  const head = "The files beside this one contain the following works, under the licences given.\n";
  await writeFile(path.join(target, "LICENSES.txt"), [head, ...texts].join(`\n${rule}\n`));
}

async function licence(name) {
  const folder = path.join(installed, name);
  const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).sort().find((entry) => /^licen[cs]e/i.test(entry));
  const text = file
    ? (await readFile(path.join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim()
    : `The package names its licence, ${license}, and carries no text of it.`;
  return `${name} ${version} (${license})\n\n${text}\n`;
}

async function manifest() {
  const lines = [];
  for (const entry of (await readdir(target, { recursive: true, withFileTypes: true }))) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(target, file).split(path.sep).join("/");
    const sum = createHash("sha256").update(await readFile(file)).digest("hex");
    lines.push(`${sum}  ${name}`);
  }
  lines.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
  await writeFile(path.join(target, "SHA256SUMS"), `${lines.join("\n")}\n`);
}
