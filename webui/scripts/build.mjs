// Bundles the page into dist/: what the daemon embeds and serves.
//
//   --mock   for development and tests instead: the page into build/page/, the mock back-end beside it
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const common = { absWorkingDir: root, bundle: true, logLevel: "warning" };

/** Whose work is in the bundle, and under which licence. */
const licences = {
  Preact: "node_modules/preact/LICENSE",
  "Preact Signals": "node_modules/@preact/signals/LICENSE",
  "Lucide icons": "licences/lucide.txt",
};

async function licenceTexts() {
  const texts = Object.entries(licences).map(
    async ([name, path]) => `${name}\n\n${(await readFile(`${root}/${path}`, "utf8")).trim()}\n`,
  );
  return (await Promise.all(texts)).join(`\n${"-".repeat(72)}\n\n`);
}

export async function buildPage(folder = "dist") {
  await rm(`${root}/${folder}`, { recursive: true, force: true });
  await mkdir(`${root}/${folder}`, { recursive: true });
  await build({
    ...common,
    entryPoints: { app: "src/main.tsx" },
    outdir: folder,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    chunkNames: "[name]",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
  });
  await build({
    ...common,
    entryPoints: { app: "style/app.css" },
    outdir: folder,
    minify: true,
    target: ["chrome123", "firefox128", "safari17.5"],
  });
  for (const name of ["index.html", "favicon.svg"]) await copyFile(`${root}/${name}`, `${root}/${folder}/${name}`);
  await writeFile(`${root}/${folder}/licences.txt`, await licenceTexts());
}

export async function buildMock() {
  await buildPage("build/page");
  await build({
    ...common,
    entryPoints: { mock_api: "mock_api.ts", hostile: "mock/hostile.ts" },
    outdir: "build",
    platform: "node",
    format: "esm",
    target: "node18",
    outExtension: { ".js": ".mjs" },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await (process.argv.includes("--mock") ? buildMock() : buildPage());
}
