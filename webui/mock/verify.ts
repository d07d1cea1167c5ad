import type { IncomingMessage } from "node:http";
import type { Key, Role, Verified } from "../src/model";
import { hasher, isGood, read } from "./minisign";
import { Refused, world } from "./state";

export async function verify(request: IncomingMessage, name: string): Promise<Verified> {
  const signature = read(Buffer.from(String(request.headers["croft-signature"] ?? ""), "base64").toString());
  if (!signature)
    throw new Refused(
      422,
      "malformed",
      "not_a_signature",
      "this is no minisign signature (or a legacy one: sign with minisign -H)",
    );
  const { blake, sha256 } = hasher();
  let size_bytes = 0;
  for await (const chunk of request) {
    blake.update(chunk as Buffer);
    sha256.update(chunk as Buffer);
    size_bytes += (chunk as Buffer).length;
  }
  const base = { name, size_bytes, sha256: sha256.digest("hex"), key_id: signature.keyId };
  const found = world.publishers
    .flatMap((each) =>
      (Object.entries(each.roles) as [Role, { keys: Key[] }][]).flatMap(([role, { keys: known }]) =>
        known.map((key) => ({ each, role, key })),
      ),
    )
    .find(({ key }) => key.key_id === signature.keyId);
  if (!found)
    return {
      ...base,
      verdict: "unknown_key",
      reason: "unknown_key",
      message: `no publisher you follow has the key ${signature.keyId}`,
    };
  const { each, role, key } = found;
  const who = {
    ...base,
    key,
    publisher: each.id,
    petname: each.petname,
    claimed_name: each.claimed_name,
    fingerprint: each.fingerprint,
    confirmed: each.confirmed,
    role,
    command: `minisign -HVm '${name.replaceAll("'", "'\\''")}' -P ${key.minisign}`,
  };
  return isGood(signature, blake.digest(), key)
    ? { ...who, verdict: "valid", trusted_comment: world.foreign(signature.comment) }
    : {
        ...who,
        verdict: "bad_signature",
        reason: "content_differs",
        message: "the content differs from what was signed",
      };
}
