// The text of seals: signed notes, heads and short codes, as dezhi.core.notes writes them.
import * as ed25519 from "@noble/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { same } from "./tree.js";

// The browser's own hashes are there on secure pages only, and this one is opened from a memory stick too.
ed25519.hashes.sha512 = sha512;

const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const GROUPS = 5;
const GROUP = 4;

export const utf8 = (text) => new TextEncoder().encode(text);

export function fromBase64(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Error("not base64");
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

export function readHead(text) {
  const [name, size, root, ...more] = text.endsWith("\n") ? text.slice(0, -1).split("\n") : [];
  const hash = root && fromBase64(root);
  if (!name || !/^(0|[1-9][0-9]{0,14})$/.test(size) || hash.length !== 32 || more.some((line) => !line)) {
    throw new Error("not a head");
  }
  const day = more.map((line) => /^day (\d{4}-\d{2}-\d{2})$/.exec(line)).find(Boolean);
  return { name, size: Number(size), root: hash, day: day ? day[1] : "" };
}

export function readNote(note) {
  const gap = note.lastIndexOf("\n\n");
  const line = /^— (\S+) ([A-Za-z0-9+/]+=*)\n$/.exec(note.slice(gap + 2));
  if (gap < 0 || !line) throw new Error("not a note");
  const data = fromBase64(line[2]);
  return { text: note.slice(0, gap + 1), name: line[1], keyId: data.slice(0, 4), signature: data.slice(4) };
}

export function readKey(key) {
  const found = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(key);
  const data = found && fromBase64(found[3]);
  if (!found || data[0] !== 1 || data.length !== 33) throw new Error("not a key");
  const id = sha256(Uint8Array.of(...utf8(found[1]), 10, ...data)).slice(0, 4);
  const hex = [...id].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== found[2]) throw new Error("a key with another one's id");
  return { name: found[1], id, hex, public: data.slice(1) };
}

export function isSigned(key, note) {
  if (key.name !== note.name || !same(key.id, note.keyId)) return false;
  try {
    return ed25519.verify(note.signature, utf8(note.text), key.public);
  } catch {
    return false;
  }
}

// Twenty signs of five bits from the front of a hash.
function code(hash) {
  let [signs, bits, kept] = ["", 0, 0];
  for (const byte of hash) {
    [kept, bits] = [(kept << 8) | byte, bits + 8];
    while (bits >= 5) {
      bits -= 5;
      signs += ALPHABET[(kept >> bits) & 31];
    }
    kept &= (1 << bits) - 1;
  }
  const groups = Array.from({ length: GROUPS }, (_, at) => signs.slice(at * GROUP, (at + 1) * GROUP));
  return groups.join("-");
}

export const shortCode = (text, key) => code(sha256(utf8(`dezhi seal 1\n${key}\n${text}`)));
export const fingerprint = (leaf) => code(leaf);
export const normal = (typed) => typed.toUpperCase().replace(/[^0-9A-Z]/g, "");
