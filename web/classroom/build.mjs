// Builds the classroom page into dist/: the script, the script of the worker, a style sheet, and index.html.
// File names contain a hash of the content, so that browsers may cache the files for ever.
import { build, context } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";

/** The maximum size of the script, in bytes compressed with gzip. */
const SCRIPT_LIMIT = 100 * 1024;

const options = {
  entryPoints: { classroom: "src/main.tsx" },
  outdir: "dist/assets",
  entryNames: "[name]-[hash]",
  bundle: true,
  format: "iife",
  // Schools have old laptops.
  target: ["es2019", "chrome79", "edge79", "firefox78", "safari13.1"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  metafile: true,
  logLevel: "warning",
  define: { "process.env.NODE_ENV": '"production"' },
};

/** Builds the worker, before the page: the script of the page contains its file name. */
async function ticker() {
  const { entryPoints: _, ...shared } = options;
  const { metafile } = await build({ ...shared, entryPoints: { ticker: "src/channel/ticker.worker.ts" } });
  return basename(Object.keys(metafile.outputs)[0]);
}

async function page(metafile) {
  const files = Object.keys(metafile.outputs).map((path) => basename(path));
  const script = files.find((name) => name.endsWith(".js"));
  const style = files.find((name) => name.endsWith(".css"));
  const template = await readFile("src/index.html", "utf8");
  await writeFile("dist/index.html", template.replace("{{script}}", script).replace("{{style}}", style));
  const size = gzipSync(await readFile(`dist/assets/${script}`)).length;
  console.log(`${script}: ${(size / 1024).toFixed(1)} KiB compressed`);
  if (size > SCRIPT_LIMIT) throw new Error(`the script is larger than ${SCRIPT_LIMIT} bytes compressed`);
}

await rm("dist", { recursive: true, force: true });
await mkdir("dist/assets", { recursive: true });
options.define.TICKER = JSON.stringify(await ticker());
if (process.argv.includes("--watch")) {
  const onEnd = { name: "page", setup: (b) => b.onEnd((result) => result.metafile && page(result.metafile)) };
  await (await context({ ...options, plugins: [onEnd] })).watch();
} else {
  const result = await build(options);
  await page(result.metafile);
}
