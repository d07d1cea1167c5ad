// Builds the page and the mock back-end, and serves both on loopback: no daemon, no swarm.
import { build } from "esbuild";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildPage } from "./build.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

export async function buildMock() {
  await build({ absWorkingDir: root, entryPoints: { mock_api: "mock_api.ts" }, outdir: "build", bundle: true, platform: "node", format: "esm", target: "node18", outExtension: { ".js": ".mjs" }, logLevel: "warning" });
}

await Promise.all([buildPage(), buildMock()]);
const mock = spawn(process.execPath, ["build/mock_api.mjs", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => mock.kill(signal));
mock.on("exit", (code) => process.exit(code ?? 0));
