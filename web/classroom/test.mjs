// Bundles every src/**/*.test.ts with esbuild, and runs the bundles with Node's test runner.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const tests = (await readdir("src", { recursive: true })).filter((name) => /\.test\.tsx?$/.test(name));
await rm(".tests", { recursive: true, force: true });
await build({
  entryPoints: tests.map((name) => join("src", name)),
  outdir: ".tests",
  outbase: "src",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".css": "empty" },
  logLevel: "warning",
});
const built = (await readdir(".tests", { recursive: true })).filter((name) => name.endsWith(".test.mjs"));
const run = spawnSync(process.execPath, ["--test", ...built.map((name) => join(".tests", name))], { stdio: "inherit" });
process.exit(run.status ?? 1);
