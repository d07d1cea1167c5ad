// A real croftd, and somebody who publishes for it: the programs of the build in CROFT_BUILD.
import { execFile, spawn } from "node:child_process";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, open, rm, stat, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const build = process.env.CROFT_BUILD ?? "";
const [croft, croftd] = [join(build, "cli/croft"), join(build, "daemon/croftd")];
const page = fileURLToPath(new URL("../../webui/build/page", import.meta.url));

/** Why there is nothing to test, or false. */
export const absent =
  build && existsSync(croft) && existsSync(croftd) ? false : "there is no croftd here (CROFT_BUILD names its build)";

export const run = promisify(execFile);

/** A folder that the test's daemons and keys lie in. */
export async function scratch() {
  const folder = await mkdtemp(join(tmpdir(), "croft-browser-"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

const home = (folder) => ({
  ...process.env,
  HOME: folder,
  XDG_CONFIG_HOME: join(folder, "config"),
  XDG_STATE_HOME: join(folder, "state-home"),
});

async function until(what, condition, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const found = await condition();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited ${seconds} s for ${what}`);
}

/** A call over the Unix socket, as the command makes it. */
function call(socketPath, method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = {
      Host: "localhost",
      ...(body ? { "Content-Type": "application/json" } : {}),
    };
    const asked = request({ socketPath, method, path: `/api/v1/${path}`, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () =>
        response.statusCode < 300
          ? resolve(JSON.parse(text))
          : reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`)),
      );
    });
    asked.on("error", reject);
    if (body) asked.setHeader("Content-Length", Buffer.byteLength(JSON.stringify(body)));
    asked.end(body ? JSON.stringify(body) : undefined);
  });
}

export async function startDaemon(folder) {
  await mkdir(folder, { recursive: true });
  const socket = join(folder, "run/croftd.sock");
  const log = await open(join(folder, "log"), "a");
  const settings = {
    "daemon.state_dir": join(folder, "state"),
    "daemon.socket": socket,
    "daemon.control_listen": "127.0.0.1:0",
    "daemon.webui_dir": page,
    "daemon.allow_root": "true",
    "mirror.roots": join(folder, "data"),
    "mirror.keep_free": "0",
    "bittorrent.listen": "127.0.0.1:0",
    "bittorrent.dht": "false",
    "bittorrent.dht_bootstrap": "127.0.0.1:9",
    "bittorrent.lsd": "false",
    "bittorrent.utp": "false",
    "feeds.allow_private_addresses": "true",
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]);
  const child = spawn(croftd, flags, {
    env: home(folder),
    stdio: ["ignore", "ignore", log.fd],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const api = (method, path, body) => call(socket, method, path, body);
  await until("croftd to answer", () =>
    api("GET", "status").then(
      () => true,
      () => child.exitCode !== null,
    ),
  );
  if (child.exitCode !== null) throw new Error(`croftd ended with ${child.exitCode}: see ${folder}/log`);
  return {
    api,
    /** An address that logs in, once. */
    login: async () => (await api("POST", "session/code")).url,
    peer: async () => (await api("GET", "status")).listening[0],
    held: (count) => until(`${count} held`, async () => (await api("GET", "status")).releases.held >= count),
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      await log.close();
    },
  };
}

/** Keys and a feed, made with the real command. */
export async function makePublisher(folder, name) {
  await mkdir(folder, { recursive: true });
  const feed = join(folder, "feed");
  const words = (...all) => run(croft, all, { env: home(folder) });
  await words("key", "new", "daily", "--no-password");
  await words("publisher", "new", "--feed", feed, "--name", name, "--single-key", "daily");
  const publish = async (release, title, files) => {
    const source = join(folder, "source", release);
    await mkdir(source, { recursive: true });
    for (const [path, content] of Object.entries(files)) await writeFile(join(source, path), content);
    const what = ["--name", release, "--title", title, "--licence", "CC0-1.0", "--lang", "en", "--key", "daily"];
    await words("publish", source, "--feed", feed, ...what);
  };
  return { feed, publish };
}

/** A feed's folder over HTTP on loopback. */
export async function serveFolder(folder) {
  const server = createServer(async (asked, response) => {
    const file = join(folder, decodeURIComponent(new URL(asked.url, "http://x").pathname));
    const known = file.startsWith(folder) && (await stat(file).catch(() => undefined));
    if (!known?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Length": known.size });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
