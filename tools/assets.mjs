// Bundle platform/dezhi/web/assets into platform/dezhi/web/static/built, with the content's hash in each name and a
// manifest.json from the source's name to the built one: {"app.css": "app-3F2A91CB.css"}. Run by tools/assets.py.
//
// Entries are app.css, app.js and whatever is called NAME.entry.css or NAME.entry.js.
import { build } from "esbuild";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
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

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const result = await build({
  entryPoints: entries.map((name) => join(source, name)),
  outdir: fresh,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  // Phones of 2016 whose browser was kept up to date, and the browser inside WeChat.
  target: ["chrome80", "safari14.1"],
  charset: "utf8",
  legalComments: "eof",
  loader: { ".png": "file", ".svg": "file", ".webp": "file" },
  plugins: [leaveOwnAddresses],
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [output, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (entryPoint) manifest[basename(entryPoint)] = basename(output);
}
writeFileSync(join(fresh, "manifest.json"), `${JSON.stringify(manifest, Object.keys(manifest).sort(), 1)}\n`);
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
const kilobytes = Object.values(result.metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0) / 1024;
console.log(`Built ${entries.length} scripts and styles, ${kilobytes.toFixed(0)} KB`);
