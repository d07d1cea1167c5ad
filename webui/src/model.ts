/** What the daemon says and takes: daemon/api/API.md in types. The goldens are checked against them. */

export type Id = string;
/** `YYYY-MM-DDTHH:MM:SSZ` */
export type Time = string;

export type Kind = "wiki" | "papers" | "media" | "other";
export type State = "offered" | "queued" | "fetching" | "checking" | "held" | "paused" | "failed";
export type Verdict = "valid" | "signed" | "damaged" | "withdrawn";
export type Withdrawal = "privacy" | "legal" | "error" | "malware";
export type Translations = Readonly<Record<string, string>>;

export interface Fault {
  code: string;
  reason: string;
  message: string;
}

export interface Key {
  key: string;
  key_id: string;
  minisign: string;
}

export interface Release {
  id: Id;
  btih: string;
  publisher: Id;
  petname: string;
  name: string;
  serial: number;
  version?: string;
  kind: Kind;
  title: Translations;
  languages: string[];
  licence: string;
  created: Time;
  size_bytes: number;
  state: State;
  verdict: Verdict;
  pinned: boolean;
  own: boolean;
  offered: boolean;
  newest: boolean;
  withdrawn?: Withdrawal;
  done_bytes: number;
  down_rate: number;
  up_rate: number;
  sent_bytes: number;
  peers: number;
  seeds: number;
  known_seeds?: number;
  held_since?: Time;
  proved_at?: Time;
  folder?: string;
  problem?: Fault;
  waits_for?: string;
}

export interface ReleaseDetail extends Release {
  description?: Translations;
  source?: string;
  doi?: string;
  authors?: { name: string; id?: string }[];
  subjects?: string[];
  files?: number;
  piece_bytes?: number;
  pieces?: number;
  torrent?: { sha256: string; size_bytes: number };
  trackers?: string[];
  webseeds?: string[];
  previous?: { serial: number; id: Id };
}

export interface Releases {
  releases: Release[];
  total: number;
  offset: number;
}

export interface Folder {
  kind: "folder";
  name: string;
  path: string;
  files: number;
  size_bytes: number;
}
export interface File {
  kind: "file";
  name: string;
  path: string;
  size_bytes: number;
  sha256?: string;
  root?: string;
}
export type Entry = Folder | File;
export interface Files {
  parent: string;
  entries: Entry[];
  total: number;
  offset: number;
}

export interface Peer {
  address: string;
  client: string;
  progress: number;
  down_rate: number;
  up_rate: number;
  is_seed: boolean;
}
export interface Peers {
  peers: Peer[];
  total: number;
}

export interface Pieces {
  pieces: number;
  piece_bytes: number;
  have: number;
  /** One bit a piece, most significant first, in hex. */
  bits: string;
}

export interface Link {
  kind: "publisher" | "catalogue" | "release" | "torrent" | "content";
  document: string;
  size_bytes: number;
  sha256?: string;
  signatures: string[];
  role?: Role;
  threshold?: number;
  signers: Key[];
  trusted_comment?: string;
  named_by?: string;
  verdict: string;
  message?: string;
  commands: string[];
}
export interface Signatures {
  id: Id;
  publisher: Id;
  fingerprint: string;
  verdict: Verdict;
  feed_folder?: string;
  chain: Link[];
}

export interface Version {
  id: Id;
  name: string;
  serial: number;
  created: Time;
  size_bytes: number;
  state: State;
  verdict: Verdict;
  offered: boolean;
  newest: boolean;
  withdrawn?: Withdrawal;
  shared_bytes?: number;
}
export interface Versions {
  versions: Version[];
}

export type Role = "root" | "release" | "beacon";

export interface Publisher {
  id: Id;
  fingerprint: string;
  petname: string;
  claimed_name: string;
  homepage?: string;
  sources: string[];
  peers: string[];
  uri: string;
  confirmed: boolean;
  own: boolean;
  followed_at: Time;
  last_news?: Time;
  stale: boolean;
  final: boolean;
  equivocated: boolean;
  clock_warning: boolean;
  version: number;
  catalogue_version?: number;
  catalogue_created?: Time;
  catalogue_expires?: Time;
  languages: string[];
  releases: number;
  held: number;
  offered_bytes: number;
  held_bytes: number;
  waiting?: { catalogue_version: number; lost_names: string[] };
  problem?: Fault;
}
export interface PublisherDetail extends Publisher {
  roles: Record<Role, { threshold: number; keys: Key[] }>;
  revoked: { key: string; from_catalogue: number; reason: string }[];
  documents: { name: string; sha256: string; size_bytes: number }[];
}
export interface Publishers {
  publishers: Publisher[];
  total: number;
  offset: number;
}

export interface FollowRequest {
  source: string;
  petname?: string;
  fingerprint?: string;
  peers?: string[];
}
export interface Preview {
  id: Id;
  fingerprint: string;
  claimed_name: string;
  newest_created: Time;
  stale: boolean;
  anchored: boolean;
  already_followed: boolean;
  warnings: string[];
  releases: number;
  size_bytes: number;
  kinds: { kind: Kind; releases: number; size_bytes: number }[];
}

export interface Speed {
  down_rate: number;
  up_rate: number;
  received_bytes: number;
  sent_bytes: number;
  peers: number;
  dht_nodes: number;
}
export interface StatusProblem extends Fault {
  subject: string;
  release?: Id;
  publisher?: Id;
  command?: string;
}
export interface Status extends Speed {
  version: string;
  libtorrent: string;
  started_at: Time;
  now: Time;
  loop_lag_ms: number;
  control: string[];
  listening: string[];
  publishers: number;
  releases: Record<State, number>;
  held_bytes: number;
  proved_since?: Time;
  budget_bytes?: number;
  used_bytes: number;
  free_bytes: number;
  keep_free_bytes: number;
  problems: StatusProblem[];
}

export type Origin = "flag" | "environment" | "file" | "set" | "built_in";
export interface Policy {
  budget_bytes?: number;
  keep_free_bytes: number;
  used_bytes: number;
  free_bytes: number;
  locked: boolean;
  origin: Origin;
  origin_detail?: string;
}
export interface PlanStep {
  id: Id;
  publisher: Id;
  petname: string;
  name: string;
  serial: number;
  kind: Kind;
  size_bytes: number;
  why: string;
}
export interface Plan {
  budget_bytes?: number;
  used_bytes: number;
  planned_bytes: number;
  fetch: PlanStep[];
  keep: PlanStep[];
  evict: PlanStep[];
  skip: PlanStep[];
}

export interface Job {
  id: number;
  kind: string;
  subject: string;
  state: "running" | "done" | "failed";
  done: number;
  total?: number;
  problem?: Fault;
}

export interface Verified {
  verdict: "valid" | "bad_signature" | "unknown_key" | "revoked_key";
  reason?: string;
  message?: string;
  name: string;
  size_bytes: number;
  sha256: string;
  key_id: string;
  key?: Key;
  publisher?: Id;
  petname?: string;
  claimed_name?: string;
  fingerprint?: string;
  confirmed?: boolean;
  role?: Role;
  trusted_comment?: string;
  command?: string;
}

export interface Setting {
  key: string;
  value: string;
  origin: Origin;
  origin_detail?: string;
  locked: boolean;
}
export interface Settings {
  settings: Setting[];
}

export type Level = "info" | "warning" | "problem";
export interface JournalEntry {
  id: number;
  time: Time;
  kind: string;
  level: Level;
  message: string;
  publisher?: Id;
  release?: Id;
}
export interface Journal {
  entries: JournalEntry[];
  total: number;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  reason: string;
  detail: string;
  candidates?: { id: Id; publisher: Id; petname: string; name: string; serial: number }[];
}

/** The rows of each topic, as its list shows them. */
export interface Rows {
  releases: Release;
  publishers: Publisher;
  journal: JournalEntry;
}
export type Topic = keyof Rows | "speed" | "status";

export type Event =
  | { event: "full"; id: number; data: { topic: "status"; value: Status } }
  | { event: "full"; id: number; data: { topic: "speed"; value: Speed } }
  | { event: "full"; id: number; data: { topic: "releases"; id: Id; value: Release } }
  | { event: "full"; id: number; data: { topic: "publishers"; id: Id; value: Publisher } }
  | { event: "full"; id: number; data: { topic: "journal"; id: number; value: JournalEntry } }
  | { event: "delta"; id: number; data: { topic: "releases"; id: Id; value: Partial<Release> } }
  | { event: "delta"; id: number; data: { topic: "publishers"; id: Id; value: Partial<Publisher> } }
  | { event: "gone"; id: number; data: { topic: "releases" | "publishers"; id: Id } }
  | { event: "resync" | "ping"; id: number; data: Record<string, never> };
