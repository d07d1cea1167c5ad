import { EventReader } from "./events";
import type {
  Event,
  Files,
  FollowRequest,
  Id,
  Job,
  Journal,
  Peers,
  Pieces,
  Plan,
  Policy,
  Preview,
  Problem,
  Publisher,
  PublisherDetail,
  Publishers,
  ReleaseDetail,
  Releases,
  Settings,
  Signatures,
  Status,
  Topic,
  Verified,
  Versions,
} from "./model";

/** A refusal in the daemon's words, or `unreachable` where no answer came at all. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export type ReleaseSort = "name" | "created" | "size" | "done" | "up" | "state" | "publisher";
export interface ReleaseFilter {
  q?: string | undefined;
  publisher?: string | undefined;
  kind?: string | undefined;
  language?: string | undefined;
  state?: string | undefined;
  held?: "true" | undefined;
  offered?: "true" | undefined;
  sort?: string | undefined;
}
export interface Window {
  offset: number;
  limit: number;
}
export type ReleaseAction = "pin" | "unpin" | "pause" | "resume";

interface Call {
  method?: string;
  query?: Record<string, string | number | undefined>;
  json?: object;
  signal?: AbortSignal | undefined;
}

/** Where the page lies decides where its API lies, so any sub-path of a proxy works. */
const base = new URL("api/v1/", document.baseURI);

let token: string | undefined;
let onUnauthorized = (): void => {};

/** Every later call carries `value`; `rejected` runs when the daemon does not take it (any more). */
export function authorize(value: string | undefined, rejected: () => void): void {
  token = value;
  onUnauthorized = rejected;
}

function address(path: string, query: Call["query"] = {}): URL {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  return url;
}

function authorization(): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

async function refusal(response: { status: number; text(): Promise<string> }): Promise<ApiError> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    if (typeof problem.code === "string" && typeof problem.detail === "string") return new ApiError(problem as Problem);
  } catch {
    // Not ours: a proxy in between answered, and its own words say more than we could.
  }
  const detail = text.slice(0, 200) || `the answer was ${response.status}`;
  return new ApiError({
    type: "about:blank",
    title: "",
    status: response.status,
    code: "io",
    reason: "foreign_answer",
    detail,
  });
}

function unreachable(cause: unknown): ApiError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new ApiError({
    type: "about:blank",
    title: "",
    status: 0,
    code: "unavailable",
    reason: "unreachable",
    detail,
  });
}

async function send(path: string, { method = "GET", query, json, signal }: Call): Promise<Response> {
  const headers: Record<string, string> = authorization();
  const init: RequestInit = { method, headers, cache: "no-store", credentials: "omit", redirect: "error" };
  if (signal) init.signal = signal;
  if (json) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(json);
  }
  let response: Response;
  try {
    response = await fetch(address(path, query), init);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw unreachable(cause);
  }
  if (response.ok) return response;
  if (response.status === 401 && path !== "session") onUnauthorized();
  throw await refusal(response);
}

async function ask<T>(path: string, call: Call = {}): Promise<T> {
  return (await (await send(path, call)).json()) as T;
}

const part = encodeURIComponent;

export const session = (code: string) => ask<{ token: string }>("session", { method: "POST", json: { code } });
export const status = (signal?: AbortSignal) => ask<Status>("status", { signal });

export const publishers = (signal?: AbortSignal) => ask<Publishers>("publishers", { query: { limit: 500 }, signal });
export const publisher = (id: Id, signal?: AbortSignal) => ask<PublisherDetail>(`publishers/${part(id)}`, { signal });
export const preview = (request: FollowRequest) =>
  ask<Preview>("publishers/preview", { method: "POST", json: request });
export const follow = (request: FollowRequest) => ask<Publisher>("publishers", { method: "POST", json: request });
export const changePublisher = (id: Id, change: { petname?: string; confirmed?: true }) =>
  ask<PublisherDetail>(`publishers/${part(id)}`, { method: "PATCH", json: change });
export const unfollow = (id: Id) => ask<{ id: Id }>(`publishers/${part(id)}`, { method: "DELETE" });
export const check = (id: Id) =>
  ask<{ changed: boolean }>(`publishers/${part(id)}/check`, { method: "POST", json: {} });

export const accept = (id: Id) => ask<PublisherDetail>(`publishers/${part(id)}/accept`, { method: "POST", json: {} });

/** A signed document or signature, byte for byte. */
export async function signedDocument(publisherId: Id, name: string, signal?: AbortSignal): Promise<Blob> {
  const path = name.split("/").map(part).join("/");
  return (await send(`publishers/${part(publisherId)}/documents/${path}`, { signal })).blob();
}

export const releases = (filter: ReleaseFilter, window: Window, signal?: AbortSignal) =>
  ask<Releases>("releases", { query: { ...filter, ...window }, signal });
export const release = (id: Id, signal?: AbortSignal) => ask<ReleaseDetail>(`releases/${part(id)}`, { signal });
export const files = (id: Id, parent: string, window: Window, signal?: AbortSignal) =>
  ask<Files>(`releases/${part(id)}/files`, { query: { parent, ...window }, signal });
export const peers = (id: Id, signal?: AbortSignal) => ask<Peers>(`releases/${part(id)}/peers`, { signal });
export const pieces = (id: Id, signal?: AbortSignal) => ask<Pieces>(`releases/${part(id)}/pieces`, { signal });
export const signatures = (id: Id, signal?: AbortSignal) =>
  ask<Signatures>(`releases/${part(id)}/signatures`, { signal });
export const versions = (id: Id, signal?: AbortSignal) => ask<Versions>(`releases/${part(id)}/versions`, { signal });
export const torrent = async (id: Id) => (await send(`releases/${part(id)}/torrent`, {})).blob();

export const get = (id: Id) => ask<{ job: Job }>(`releases/${part(id)}/get`, { method: "POST", json: {} });
export const act = (id: Id, action: ReleaseAction) =>
  ask<ReleaseDetail>(`releases/${part(id)}/${action}`, { method: "POST", json: {} });
export const drop = (id: Id) => ask<{ id: Id }>(`releases/${part(id)}/drop`, { method: "POST", json: {} });

export const policy = (signal?: AbortSignal) => ask<Policy>("mirror/policy", { signal });
export const setPolicy = (change: { budget_bytes?: number }) =>
  ask<Policy>("mirror/policy", { method: "PUT", json: change });
export const plan = (signal?: AbortSignal) => ask<Plan>("mirror/plan", { signal });
export const planWith = (change: { budget_bytes?: number }, signal?: AbortSignal) =>
  ask<Plan>("mirror/plan", { method: "POST", json: change, signal });

export const settings = (signal?: AbortSignal) => ask<Settings>("settings", { signal });
export const journal = (before: number | undefined, limit: number, signal?: AbortSignal) =>
  ask<Journal>("journal", { query: { before, limit }, signal });

/** Streams `file` to the daemon, which stores nothing. XMLHttpRequest, because fetch tells no upload progress. */
export function verify(
  file: File,
  signature: ArrayBuffer,
  progress: (sent: number) => void,
  signal: AbortSignal,
): Promise<Verified> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address("verify", { name: file.name }));
    for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Croft-Signature", btoa(String.fromCharCode(...new Uint8Array(signature))));
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onerror = () => reject(unreachable(""));
    request.onabort = () => reject(signal.reason as Error);
    request.onload = () => {
      if (request.status === 200) return resolve(JSON.parse(request.responseText) as Verified);
      if (request.status === 401) onUnauthorized();
      return refusal({ status: request.status, text: async () => request.responseText }).then(reject);
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

/** The stream of events until it breaks or `signal` ends it. EventSource could not carry the token. */
export async function* events(
  topics: readonly Topic[],
  last: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  const headers: Record<string, string> = { ...authorization(), Accept: "text/event-stream" };
  if (last !== undefined) headers["Last-Event-ID"] = String(last);
  const response = await fetch(address("events", { topics: topics.join(",") }), {
    headers,
    signal,
    cache: "no-store",
    credentials: "omit",
  });
  if (response.status === 401) onUnauthorized();
  if (!response.ok || !response.body) throw await refusal(response);
  const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const reader = new EventReader();
  for (let chunk = await chunks.read(); !chunk.done; chunk = await chunks.read()) yield* reader.feed(chunk.value);
}
