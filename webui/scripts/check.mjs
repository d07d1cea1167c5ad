// Everything about the page that needs no browser: format, types, goldens, size, dictionaries, unit tests.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const goldens = fileURLToPath(new URL("../../tests/api/golden/", import.meta.url));
if (!existsSync(`${root}/node_modules/esbuild`)) {
  console.log("skipped: there is no webui/node_modules (run: npm ci in webui)");
  process.exit(77);
}
const { build } = await import("esbuild");
const { buildPage } = await import("./build.mjs");

const folder = "build/page";
const budget = 100_000;
const firstLoad = 10;

/** The type in src/model.ts that each golden is a value of. */
const types = {
  accepted: "{ job: M.Job }",
  check: "{ changed: boolean }",
  events: "{ events: M.Event[] }",
  files: "M.Files",
  "follow.request": "M.FollowRequest",
  gone: "{ id: M.Id }",
  job: "M.Job",
  "job.failed": "M.Job",
  journal: "M.Journal",
  peers: "M.Peers",
  pieces: "M.Pieces",
  plan: "M.Plan",
  policy: "M.Policy",
  "policy.locked": "M.Policy",
  preview: "M.Preview",
  problem: "M.Problem",
  "problem.ambiguous": "M.Problem",
  "problem.unauthorized": "M.Problem",
  publisher: "M.PublisherDetail",
  publishers: "M.Publishers",
  release: "M.ReleaseDetail",
  releases: "M.Releases",
  session: "{ token: string }",
  "session.request": "{ code: string }",
  session_code: "{ code: string; expires_in: number; url: string }",
  settings: "M.Settings",
  signatures: "M.Signatures",
  speed: "M.Speed",
  status: "M.Status",
  verify: "M.Verified",
  "verify.bad": "M.Verified",
  "verify.unknown": "M.Verified",
  versions: "M.Versions",
};

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed`);
}

/** As literals and not as imported JSON: so the compiler holds each word to its union and refuses members we do not know. */
async function goldensAsCode() {
  const lines = ['import type * as M from "../src/model";'];
  for (const file of (await readdir(goldens)).filter((name) => name.endsWith(".json")).sort()) {
    const name = file.slice(0, -".json".length);
    if (!types[name]) throw new Error(`tests/api/golden/${file}: scripts/check.mjs knows no type for it`);
    const text = (await readFile(goldens + file, "utf8")).trim();
    lines.push(`export const ${name.replaceAll(".", "_")}_: ${types[name]} = ${text};`);
  }
  await mkdir(`${root}/build`, { recursive: true });
  await writeFile(`${root}/build/goldens.ts`, `${lines.join("\n")}\n`);
}

async function checkSize() {
  let sum = 0;
  const files = await readdir(`${root}/${folder}`);
  for (const file of files) {
    const size = gzipSync(await readFile(`${root}/${folder}/${file}`), { level: 9 }).length;
    sum += size;
    console.log(`${String(size).padStart(8)}  ${file}`);
  }
  console.log(`${String(sum).padStart(8)}  bytes gzip in all, of ${budget}`);
  if (sum > budget) throw new Error(`the page is ${sum - budget} bytes over its budget`);
  if (files.length > firstLoad) throw new Error(`${files.length} files: more than ${firstLoad} requests on first load`);
  if (files.some((file) => file.endsWith(".map"))) throw new Error("source maps do not belong in the page");
}

/** `src/api.ts` is the only place that talks to the network, and nothing writes markup. */
async function checkSources() {
  for (const file of await readdir(`${root}/src`, { recursive: true })) {
    if (!/\.tsx?$/.test(file)) continue;
    const text = await readFile(`${root}/src/${file}`, "utf8");
    const forbidden = /\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|eval\()/.exec(
      text,
    );
    if (forbidden) throw new Error(`src/${file} uses ${forbidden[0]}`);
    const network = /\b(fetch\(|XMLHttpRequest|EventSource|WebSocket|sendBeacon)/.exec(text);
    if (network && file !== "api.ts") throw new Error(`src/${file} uses ${network[0]}: only src/api.ts may`);
  }
}

async function unitTests() {
  const tests = (await readdir(`${root}/test`)).filter((name) => name.endsWith(".test.ts"));
  await rm(`${root}/build/test`, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: tests.map((name) => `test/${name}`),
    outdir: "build/test",
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    outExtension: { ".js": ".mjs" },
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
  });
  run(process.execPath, ["--test", ...tests.map((name) => `build/test/${name.replace(/\.ts$/, ".mjs")}`)]);
}

const formatted = [
  "src/**/*.{ts,tsx}",
  "{test,mock}/*.ts",
  "*.ts",
  "scripts/*.mjs",
  "style/*.css",
  "index.html",
  "../tests/browser/*.mjs",
];
run(process.execPath, [
  "node_modules/prettier/bin/prettier.cjs",
  "--check",
  "--config",
  ".prettierrc.json",
  "--log-level",
  "warn",
  ...formatted,
]);
await goldensAsCode();
run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."]);
await checkSources();
await buildPage(folder);
await checkSize();
await unitTests();
