// Bundle platform/dezhi/web/assets into platform/dezhi/web/static/built, with the content's hash in each name and a
// manifest.json from the source's name to the built one: {"app.css": "app-3F2A91CB.css"}. Run by tools/assets.py.
//
// Entries are app.css, app.js and whatever is called NAME.entry.css or NAME.entry.js; and the page that checks receipts,
// verify.html, which is one file with everything in it, so that it works from a memory stick.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = join(dirname(dirname(fileURLToPath(import.meta.url))), "platform", "dezhi", "web");
const source = join(web, "assets");
const target = join(web, "static", "built");
const fresh = `${target}.new`;

const entries = readdirSync(source).filter((name) => /^app\.(css|js)$|\.entry\.(css|js)$/.test(name));
// url(/static/…) in a style is an address of the application, served as it is.
const leaveOwnAddresses = {
  name: "leave-own-addresses",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\// }, ({ kind, path }) => (kind === "url-token" ? { path, external: true } : undefined)),
};

// Phones of 2016 whose browser was kept up to date, and the browser inside WeChat.
const browsers = { bundle: true, minify: true, target: ["chrome80", "safari14.1"], charset: "utf8", logLevel: "warning" };

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const result = await build({
  ...browsers,
  entryPoints: entries.map((name) => join(source, name)),
  outdir: fresh,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  format: "esm",
  legalComments: "eof",
  loader: { ".png": "file", ".svg": "file", ".webp": "file" },
  plugins: [leaveOwnAddresses],
  metafile: true,
});

const sha256 = (text, form) => createHash("sha256").update(text).digest(form);

// A page of a folder as one file. It may run its own script and style, by their hashes, and ask nobody for anything.
async function alone(folder) {
  const bundled = async (entry, more) =>
    (await build({ ...browsers, entryPoints: [join(folder, entry)], write: false, ...more })).outputFiles[0].text.trim();
  const script = await bundled("main.js", { format: "iife", legalComments: "inline" });
  const style = await bundled("page.css", {});
  const own = (text) => `'sha256-${sha256(text, "base64")}'`;
  const policy =
    `default-src 'none'; script-src ${own(script)}; style-src ${own(style)}; img-src data:;` +
    " form-action 'none'; base-uri 'none'";
  // As functions: what is put in may have a $ in it.
  return readFileSync(join(folder, "page.html"), "utf8")
    .replace("%POLICY%", () => policy)
    .replace("%STYLE%", () => `<style>${style}</style>`)
    .replace("%SCRIPT%", () => `<script>${script}</script>`);
}

const manifest = {};
for (const [output, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (entryPoint) manifest[basename(entryPoint)] = basename(output);
}
const page = await alone(join(source, "verify"));
manifest["verify.html"] = `verify-${sha256(page, "hex").slice(0, 8).toUpperCase()}.html`;
writeFileSync(join(fresh, manifest["verify.html"]), page);
writeFileSync(join(fresh, "manifest.json"), `${JSON.stringify(manifest, Object.keys(manifest).sort(), 1)}\n`);
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
const kilobytes = Object.values(result.metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0) / 1024;
console.log(`Built ${entries.length} scripts and styles, ${kilobytes.toFixed(0)} KB`);
