import type {
  Entry,
  JournalEntry,
  Key,
  Kind,
  PublisherDetail,
  Release,
  ReleaseDetail,
  Setting,
  State,
  Verdict,
} from "../src/model";
import { hostile } from "./hostile";

/** A daemon's world, made up: the same seed gives the same ten thousand releases. */

export const exampleId = "df053e80dcc4862157d7c99e60da69229c58ef0052b3b904d74a223a976a8303";
export const demoId = "2ac1302bfacb3e51b06ed75720ea6203a1c0ece5d4d5372353b84141d1e1a915";

export const key = (public_key: string, key_id: string, minisign: string): Key => ({
  key: public_key,
  key_id,
  minisign,
});
export const keys = {
  root1: key(
    "6beba28e0a3cb4a904639e15c5ead6f410ec5df2f6dcf5182fce7ae207b28d55",
    "486978534B8C055B",
    "RWRbBYxLU3hpSGvroo4KPLSpBGOeFcXq1vQQ7F3y9tz1GC/OeuIHso1V",
  ),
  root2: key(
    "f583bf8a468498e9b23b1361f674587697347c3803a629a634b1e92bf1c09f6c",
    "E7AB74853166E261",
    "RWRh4mYxhXSr5/WDv4pGhJjpsjsTYfZ0WHaXNHw4A6YppjSx6SvxwJ9s",
  ),
  root3: key(
    "ed61fff10e824a5d6381d47f7a34d61e9ce74a51bfaee13af49ded56905dbd8d",
    "160CF29E96BFD103",
    "RWQD0b+WnvIMFu1h//EOgkpdY4HUf3o01h6c50pRv67hOvSd7VaQXb2N",
  ),
  release: key(
    "c651e4a783a7e045db5876610afaf1e50fa4de4806d68364f3b9c5c1003cb00f",
    "F74A0333E2385740",
    "RWRAVzjiMwNK98ZR5KeDp+BF21h2YQr68eUPpN5IBtaDZPO5xcEAPLAP",
  ),
  revoked: key(
    "cec9f5e3b2fe7da4bd6e8a1faccf574f74325752478cec4c88ee6ce1a29ea1a4",
    "DFDE318C56E68680",
    "RWSAhuZWjDHe387J9eOy/n2kvW6KH6zPV090MldSR4zsTIjubOGinqGk",
  ),
  beacon: key(
    "bd49c0e61802781359a662c07a4a4f11093ff4d999000eca3f81e9551a6c5ea3",
    "1102FEE2C957253F",
    "RWQ/JVfJ4v4CEb1JwOYYAngTWaZiwHpKTxEJP/TZmQAOyj+B6VUabF6j",
  ),
};
export const exampleUri = `magnet:?xs=urn:btpk:${keys.beacon.key}&s=63726f66742f31&dn=Example%20Open%20Archive&x.pub=${exampleId}&xs=https%3A%2F%2Farchive.example%2Ffeed%2F`;

/** The publisher with an update that waits for the user. */
export const waitingId = "f0".repeat(32);

/** mulberry32 */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface World {
  publishers: PublisherDetail[];
  releases: Map<string, Release>;
  journal: JournalEntry[];
  settings: Setting[];
  budget: number | undefined;
  /** Foreign text: the plain one, or each time another hostile one. */
  foreign(plain: string): string;
}

const gib = 1024 ** 3;
const names = [
  "p2pwiki",
  "jose-papers",
  "lectures",
  "open-courses",
  "seed-library",
  "field-notes",
  "commons-media",
  "rescience",
  "oral-history",
  "maps",
  "zines",
  "repair-guides",
  "radio",
  "herbarium",
  "law-reports",
  "folk-songs",
];
const titles = [
  "P2P Foundation Wiki",
  "Journal of Open Source Education",
  "Lectures",
  "Open Courses",
  "Seed Library",
  "Field Notes",
  "Commons Media",
  "ReScience",
  "Oral History",
  "Maps",
  "Zines",
  "Repair Guides",
  "Community Radio",
  "Herbarium",
  "Law Reports",
  "Folk Songs",
];
const licences = ["CC-BY-SA-4.0", "CC-BY-4.0", "CC0-1.0", "GFDL-1.3-or-later"];
const kinds: Kind[] = ["wiki", "papers", "media", "other"];
const states: State[] = ["held", "held", "held", "held", "held", "held", "offered", "offered", "queued", "paused"];
const tongues = [["en"], ["fr"], ["es", "en"], ["de"], ["ar"]];

function time(day: number): string {
  return new Date(Date.UTC(2026, 10, 22, 10, 15, 30) - day * 86_400_000).toISOString().replace(".000Z", "Z");
}

function hex(next: () => number, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join("");
}

export function makeWorld(count: number, isHostile: boolean): World {
  let turn = 0;
  const foreign = (plain: string) => (isHostile ? (hostile[turn++ % hostile.length] ?? plain) : plain);
  const next = random(7);
  const publishers =
    count === 0
      ? []
      : [
          example(foreign),
          ...["p2pf", "openpapers", "radio-libre"].map((petname, index) => publisher(petname, index, next, foreign)),
        ];
  const releases = new Map<string, Release>();
  for (let index = 0; index < count; index++) {
    const release = index === 0 ? demo(foreign) : makeRelease(index, publishers, next, foreign);
    releases.set(release.id, release);
  }
  return {
    publishers,
    releases,
    journal: makeJournal(releases, foreign),
    settings: makeSettings(foreign),
    budget: count === 0 ? undefined : 600 * gib,
    foreign,
  };
}

function example(foreign: World["foreign"]): PublisherDetail {
  return {
    id: exampleId,
    fingerprint: "49XH-7594-88BA-66D7-KJHK",
    petname: foreign("example"),
    claimed_name: foreign("Example Open Archive"),
    homepage: foreign("https://archive.example/"),
    sources: [foreign("https://archive.example/feed/")],
    peers: [],
    uri: exampleUri,
    confirmed: true,
    own: false,
    followed_at: time(20),
    last_news: time(2),
    stale: false,
    final: false,
    equivocated: false,
    clock_warning: false,
    version: 2,
    catalogue_version: 58,
    catalogue_created: "2026-11-02T00:00:00Z",
    catalogue_expires: "2027-01-31T00:00:00Z",
    languages: ["en", "fr"],
    releases: 1,
    held: 1,
    offered_bytes: 309_181,
    held_bytes: 309_181,
    roles: {
      root: { threshold: 2, keys: [keys.root1, keys.root2, keys.root3] },
      release: { threshold: 1, keys: [keys.release] },
      beacon: { threshold: 1, keys: [keys.beacon] },
    },
    revoked: [{ key: keys.revoked.key, from_catalogue: 57, reason: foreign("rotation exercise") }],
    documents: [
      { name: "publisher.1.json", sha256: exampleId, size_bytes: 1598 },
      {
        name: "publisher.2.json",
        sha256: "dab8c7b7437bc21bf134607b7e69f60498ac7169a297269b62966b1db1a9dbb0",
        size_bytes: 1874,
      },
      {
        name: "catalogue.json",
        sha256: "11285fd54656c2f027fdf71be94f82c4bc94affe92c4a7535864760f6230ac2b",
        size_bytes: 1019,
      },
    ],
  };
}

function publisher(petname: string, index: number, next: () => number, foreign: World["foreign"]): PublisherDetail {
  const drawn = hex(next, 64);
  const id = index === 1 ? waitingId : drawn;
  const claimed = ["P2P Foundation", "Open Papers Collective", "Radio Libre"][index] ?? petname;
  return {
    ...example(foreign),
    id,
    fingerprint: ["7K2M-09QF-XH3T-VV81-4ZC6", "M3D8-QX0T-5NWA-KE92-1RVB", "HC47-2YJS-W6PZ-80GF-TDN5"][index] ?? "",
    petname: foreign(petname),
    claimed_name: foreign(claimed),
    uri: exampleUri.replace(exampleId, id),
    confirmed: index !== 1,
    stale: index === 2,
    catalogue_version: 12 + index,
    languages: tongues.flat(),
    releases: 0,
    held: 0,
    offered_bytes: 0,
    held_bytes: 0,
    revoked: [],
    ...(index === 1
      ? {
          waiting: { catalogue_version: 20, lost_names: ["proceedings", "reviews", "theses"].map(foreign) },
          problem: {
            code: "conflict",
            reason: "mass_change",
            message: foreign(
              "catalogue 20 takes away proceedings, reviews, theses, which are held here: nothing is changed until you say so",
            ),
          },
        }
      : {}),
    ...(index === 2
      ? {
          problem: {
            code: "unavailable",
            reason: "http_status",
            message: foreign("https://radio.example/feed/catalogue.json answered 502; trying again within the hour"),
          },
        }
      : {}),
  };
}

function demo(foreign: World["foreign"]): Release {
  return {
    id: demoId,
    btih: "30c5b3da203c391c77f9b4d23738ba2518748ba7",
    publisher: exampleId,
    petname: foreign("example"),
    name: "demo",
    serial: 2,
    version: foreign("2026-11-01"),
    kind: "other",
    title: { en: foreign("Demo bundle"), fr: foreign("Lot de démonstration") },
    languages: ["en", "fr"],
    licence: "CC0-1.0",
    created: "2026-11-01T00:00:00Z",
    size_bytes: 309_181,
    state: "held",
    verdict: "valid",
    pinned: true,
    own: false,
    offered: true,
    newest: true,
    done_bytes: 309_181,
    down_rate: 0,
    up_rate: 16_384,
    sent_bytes: 618_362,
    peers: 2,
    seeds: 1,
    known_seeds: 3,
    held_since: "2026-11-02T08:00:00Z",
    proved_at: "2026-11-02T08:00:00Z",
    folder: "/var/lib/croft/df053e80dcc48621/bundles/demo-2",
  };
}

function makeRelease(
  index: number,
  publishers: PublisherDetail[],
  next: () => number,
  foreign: World["foreign"],
): Release {
  const which = Math.floor(next() * names.length);
  const owner = publishers[1 + (index % (publishers.length - 1))] as PublisherDetail;
  const state: State =
    index <= 4 ? "fetching" : index === 5 ? "failed" : (states[Math.floor(next() * states.length)] ?? "held");
  const size = Math.floor(2 ** (16 + next() * 20));
  const share = state === "held" ? 1 : state === "offered" || state === "queued" ? 0 : next();
  const name = `${names[which]}${index > 15 ? `-${"abcdefghijklmnopqrstuvwxyz"[index % 26]}${Math.floor(index / 26).toString(26)}x` : ""}`;
  const serial = 1 + Math.floor(next() * 60);
  const verdict: Verdict = state === "failed" ? "damaged" : state === "held" ? "valid" : "signed";
  owner.releases++;
  owner.offered_bytes += size;
  if (state === "held") {
    owner.held++;
    owner.held_bytes += size;
  }
  return {
    id: hex(next, 64),
    btih: hex(next, 40),
    publisher: owner.id,
    petname: owner.petname,
    name,
    serial,
    kind: kinds[which % 4] ?? "other",
    title: { en: foreign(titles[which] ?? name) },
    languages: tongues[index % tongues.length] ?? ["en"],
    licence: foreign(licences[index % 4] ?? ""),
    created: time(Math.floor(next() * 900)),
    size_bytes: size,
    state,
    verdict,
    pinned: next() < 0.1,
    own: false,
    offered: true,
    newest: next() < 0.8,
    done_bytes: Math.floor(size * share),
    down_rate: state === "fetching" ? Math.floor(next() * 4e6) : 0,
    up_rate: state === "held" && next() < 0.2 ? Math.floor(next() * 1e6) : 0,
    sent_bytes: Math.floor(next() * size),
    peers: state === "held" ? Math.floor(next() * 5) : 0,
    seeds: Math.floor(next() * 4),
    known_seeds: Math.floor(next() * 12),
    ...(state === "held" ? { held_since: time(30), proved_at: time(Math.floor(next() * 13)) } : {}),
    ...(state === "offered" ? {} : { folder: `/var/lib/croft/${owner.id.slice(0, 16)}/bundles/${name}-${serial}` }),
    ...(state === "queued" ? { waits_for: foreign("no peer has answered yet") } : {}),
    ...(state === "failed"
      ? {
          problem: {
            code: "damaged",
            reason: "files_damaged",
            message: foreign("3 of 8,331 files differ from what was signed"),
          },
        }
      : {}),
  };
}

function makeJournal(releases: Map<string, Release>, foreign: World["foreign"]): JournalEntry[] {
  const entries: JournalEntry[] = [];
  let id = 0;
  for (const release of [...releases.values()].slice(0, 240)) {
    id++;
    const odd = id % 41 === 0;
    entries.push({
      id,
      time: time((240 - id) / 12),
      kind: odd ? "refused" : "held",
      level: odd ? "problem" : id % 23 === 0 ? "warning" : "info",
      publisher: release.publisher,
      message: foreign(
        odd
          ? "an older catalogue was offered: 11, we have 12"
          : `${release.name}-${release.serial} is held: every file proved`,
      ),
      ...(odd ? {} : { release: release.id }),
    });
  }
  return entries.reverse();
}

function makeSettings(foreign: World["foreign"]): Setting[] {
  return [
    {
      key: "bittorrent.listen",
      value: foreign("0.0.0.0:51413, [::]:51413"),
      origin: "file",
      origin_detail: foreign("/etc/croft/croft.toml"),
      locked: true,
    },
    { key: "bittorrent.dht", value: "true", origin: "built_in", locked: false },
    { key: "daemon.control_listen", value: "127.0.0.1:7400, [::1]:7400", origin: "built_in", locked: false },
    {
      key: "feeds.check_every",
      value: "3600",
      origin: "environment",
      origin_detail: "CROFT_FEEDS_CHECK_EVERY",
      locked: true,
    },
    { key: "mirror.budget", value: String(600 * gib), origin: "set", locked: false },
    { key: "mirror.keep_free", value: "1073741824", origin: "built_in", locked: false },
  ];
}

/** A release with its documents. */
export function detail(world: World, release: Release): ReleaseDetail {
  if (release.state === "offered" || release.state === "queued") return release;
  return {
    ...release,
    version: release.version ?? world.foreign("November 2026"),
    description: { en: world.foreign(`All of ${release.name}, as its authors gave it to everybody.`) },
    authors: [{ name: world.foreign("Ada Example"), id: world.foreign("https://orcid.org/0000-0000-0000-0000") }],
    subjects: [world.foreign("commons"), "archives"],
    source: world.foreign("https://archive.example/source"),
    doi: world.foreign("10.0000/example"),
    files: totalFiles(release),
    piece_bytes: 1 << 20,
    pieces: Math.min(131_072, Math.max(14, Math.ceil(release.size_bytes / (1 << 20)))),
    torrent: { sha256: "b22bb764a41e8186005a076431b589ccf195d8601502831f70b4a6467cfbf213", size_bytes: 2113 },
    trackers: [],
    webseeds: [world.foreign("https://archive.example/data/")],
  };
}

/** `articles/` of the largest releases is one folder of a hundred thousand files. */
function articles(release: Release): number {
  return release.size_bytes > 30 * gib ? 100_000 : 240;
}
function totalFiles(release: Release): number {
  return articles(release) + 3 * 12 + 3;
}

/** One folder of a made-up tree: articles, media in three folders, and three files on top. */
export function entries(
  world: World,
  release: Release,
  parent: string,
): { at(index: number): Entry; total: number } | undefined {
  const file = (path: string, index: number): Entry => ({
    kind: "file",
    name: path.split("/").at(-1) ?? path,
    path,
    size_bytes: ((index * 7919) % 900_000) + 12,
    sha256: hex(random(index + 11), 64),
    root: hex(random(index + 13), 64),
  });
  const folder = (path: string, files: number): Entry => ({
    kind: "folder",
    name: path.split("/").at(-1) ?? path,
    path,
    files,
    size_bytes: files * 460_000,
  });
  const list = (all: Entry[]) => ({ at: (index: number) => all[index] as Entry, total: all.length });
  if (parent === "")
    return list([
      folder("articles", articles(release)),
      folder("media", 36),
      file("README.txt", 1),
      file("SHA256SUMS", 2),
      file(world.foreign("étude.txt").replaceAll("/", "∕"), 3),
    ]);
  if (parent === "media")
    return list([folder("media/audio", 12), folder("media/images", 12), folder("media/video", 12)]);
  if (parent.startsWith("media/"))
    return list(Array.from({ length: 12 }, (_, index) => file(`${parent}/item-${index + 1}.webm`, index)));
  if (parent !== "articles") return undefined;
  return {
    total: articles(release),
    at: (index) =>
      file(
        `articles/${world.foreign(`Article ${String(index + 1).padStart(6, "0")}.mediawiki`).replaceAll("/", "∕")}`,
        index,
      ),
  };
}
