// Bundles the page into dist/: what the daemon embeds and serves. With --mock also the mock back-end into build/.
import { build } from "esbuild";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const options = {
  absWorkingDir: root,
  entryPoints: { app: "src/main.tsx" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  chunkNames: "[name]",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
};

export async function buildPage() {
  await rm(`${root}/dist`, { recursive: true, force: true });
  await mkdir(`${root}/dist`);
  await build(options);
  await build({
    absWorkingDir: root,
    entryPoints: { app: "style/app.css" },
    outdir: "dist",
    bundle: true,
    minify: true,
    target: "chrome110",
    logLevel: "warning",
  });
  for (const name of ["index.html", "favicon.svg"]) await copyFile(`${root}/${name}`, `${root}/dist/${name}`);
}

export async function buildMock() {
  await build({
    absWorkingDir: root,
    entryPoints: { mock_api: "mock_api.ts" },
    outdir: "build",
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    outExtension: { ".js": ".mjs" },
    logLevel: "warning",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPage();
  if (process.argv.includes("--mock")) await buildMock();
}
