// Runs every *.test.mjs here in a real Chromium; exits 77 (skipped) where something it needs is absent.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const webui = fileURLToPath(new URL("../../webui/", import.meta.url));
const chromium = process.env.CROFT_CHROMIUM ?? "/usr/bin/chromium";

const needs = [
  [chromium, "apt-get install chromium, or set CROFT_CHROMIUM"],
  [`${here}node_modules/playwright-core`, "run: npm ci in tests/browser"],
  [`${webui}node_modules/esbuild`, "run: npm ci in webui"],
];
for (const [path, remedy] of needs) {
  if (existsSync(path)) continue;
  console.log(`skipped: there is no ${path} (${remedy})`);
  process.exit(77);
}

function run(args, cwd) {
  return (
    spawnSync(process.execPath, args, {
      cwd,
      stdio: "inherit",
      env: { ...process.env, CROFT_CHROMIUM: chromium },
    }).status ?? 1
  );
}

const built = run(["scripts/build.mjs", "--mock"], webui);
if (built !== 0) process.exit(built);
const tests = readdirSync(here)
  .filter((name) => name.endsWith(".test.mjs"))
  .sort();
process.exit(run(["--test", "--test-concurrency=1", ...tests], here));
