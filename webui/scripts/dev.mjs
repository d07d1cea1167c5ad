// Builds the page and the mock back-end, and serves both on loopback: no daemon, no swarm.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildMock } from "./build.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

await buildMock();
const mock = spawn(process.execPath, ["build/mock_api.mjs", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => mock.kill(signal));
mock.on("exit", (code) => process.exit(code ?? 0));
