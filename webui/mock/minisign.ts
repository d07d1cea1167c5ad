import { createHash, createPublicKey, verify } from "node:crypto";
import type { Key } from "../src/model";

/** minisign's signatures, checked for real: so the Verify screen's verdicts in tests are not made up. */
export interface Minisig {
  keyId: string;
  ofDocument: Buffer;
  ofComment: Buffer;
  comment: string;
}

export function read(text: string): Minisig | undefined {
  const [untrusted = "", signature = "", trusted = "", global = ""] = text.split(/\r?\n/);
  const bytes = Buffer.from(signature, "base64");
  const prefix = "trusted comment: ";
  if (
    !untrusted.startsWith("untrusted comment: ") ||
    !trusted.startsWith(prefix) ||
    bytes.length !== 74 ||
    bytes.subarray(0, 2).toString() !== "ED"
  )
    return undefined;
  const keyId = Buffer.from(bytes.subarray(2, 10)).reverse().toString("hex").toUpperCase();
  return {
    keyId,
    ofDocument: bytes.subarray(10),
    ofComment: Buffer.from(global, "base64"),
    comment: trusted.slice(prefix.length),
  };
}

export const hasher = () => ({ blake: createHash("blake2b512"), sha256: createHash("sha256") });

export function isGood(signature: Minisig, blake2b: Buffer, key: Key): boolean {
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(key.key, "hex")]);
  const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
  return (
    verify(null, blake2b, publicKey, signature.ofDocument) &&
    verify(null, Buffer.concat([signature.ofDocument, Buffer.from(signature.comment)]), publicKey, signature.ofComment)
  );
}
