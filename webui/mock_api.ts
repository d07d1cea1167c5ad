/**
 * The daemon's API without a daemon: `npm run dev` and the browser tests run the page against it. Serves build/page/ with the headers
 * of the real one. Nothing here is part of Croft as installed.
 *
 *   --port N (0: a free one)  --releases N  --prefix /sub/path  --pace N (hundredths a second; 0: still)  --hostile (foreign text attacks)
 */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { status, stream } from "./mock/live";
import { plan, policy } from "./mock/mirror";
import { publisherRoute } from "./mock/publishers";
import { find, list, namedPage, releaseRoute } from "./mock/releases";
import { flags, Refused, world } from "./mock/state";
import { verify } from "./mock/verify";
import { exampleUri } from "./mock/world";

const token = "6d6f636b".repeat(8);
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; " +
  "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const headers = {
  "Content-Security-Policy": csp,
  "X-Frame-Options": "DENY",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

type Answer = object | { bytes: string };

async function route(
  method: string,
  path: string[],
  query: URLSearchParams,
  request: IncomingMessage,
): Promise<Answer> {
  const [what = "", id = "", part = ""] = path;
  if (method === "POST" && what === "verify") return verify(request, query.get("name") ?? "file");
  const body = method === "GET" ? {} : await json(request);
  if (what === "publishers") return publisherRoute(method, id, path.slice(2), body);
  if (what === "releases")
    return id === "" ? namedPage(list(query), query) : releaseRoute(method, find(id), part, query);
  if (what === "mirror" && id === "policy") {
    if (method === "PUT") world.budget = body["budget_bytes"] as number | undefined;
    return policy();
  }
  if (what === "mirror" && id === "plan")
    return plan(method === "POST" ? (body["budget_bytes"] as number | undefined) : world.budget);
  if (what === "status") return status();
  if (what === "settings") return { settings: world.settings };
  if (what === "journal") {
    const before = Number(query.get("before") ?? Infinity);
    return {
      entries: world.journal.filter((entry) => entry.id < before).slice(0, Number(query.get("limit") ?? 100)),
      total: world.journal.length,
    };
  }
  throw new Refused(404, "not_found", "no_such_route", "there is no such route");
}

async function json(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

const folder = "build/page";
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

function problem(response: ServerResponse, { status: code, code: word, reason, message }: Refused): void {
  response.writeHead(code, { ...headers, "Content-Type": "application/problem+json", "Cache-Control": "no-store" });
  response.end(JSON.stringify({ type: "about:blank", title: "", status: code, code: word, reason, detail: message }));
}

function servePage(response: ServerResponse, path: string): void {
  const file = join(folder, path === "/" ? "index.html" : normalize(path));
  if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, "Content-Type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://mock");
  if (!url.pathname.startsWith(`${flags.prefix}/`)) {
    response.writeHead(404, headers).end();
    return;
  }
  const path = url.pathname.slice(flags.prefix?.length);
  if (!path.startsWith("/api/v1/")) return servePage(response, path);
  const parts = path.slice("/api/v1/".length).split("/").map(decodeURIComponent);
  const method = request.method ?? "GET";
  if (method === "POST" && parts[0] === "session") {
    if ((await json(request))["code"] !== "mock")
      throw new Refused(401, "not_allowed", "bad_code", "this code does not open the page; run: croft open");
    return send(response, { token });
  }
  if (request.headers.authorization !== `Bearer ${token}`)
    throw new Refused(401, "not_allowed", "no_token", "this route needs a token; run: croft open");
  if (parts[0] === "events") return stream(request, response, url, headers);
  send(response, await route(method, parts, url.searchParams, request));
}

function send(response: ServerResponse, answer: Answer): void {
  if ("bytes" in answer) {
    response.writeHead(200, {
      ...headers,
      "Content-Type": "application/octet-stream",
      "Content-Disposition": "attachment",
      "Cache-Control": "no-store",
    });
    createReadStream(answer.bytes).pipe(response);
    return;
  }
  response.writeHead("job" in answer ? 202 : 200, {
    ...headers,
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
  });
  response.end(JSON.stringify(answer));
}

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) =>
    problem(response, error instanceof Refused ? error : new Refused(500, "io", "mock", String(error))),
  );
});
server.listen(Number(flags.port), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : flags.port;
  console.log(`http://127.0.0.1:${port}${flags.prefix}/#c=mock`);
  if (!flags.hostile) console.log(`a link to follow, when started with --releases 0: ${exampleUri}`);
});
