// Merkle proofs as RFC 9162 checks them (§2.1.3.2 and §2.1.4.2), over SHA-256 trees of RFC 6962.
import { sha256 } from "@noble/hashes/sha2.js";

const HASH_BYTES = 32;

export function leafHash(data) {
  return sha256.create().update(Uint8Array.of(0)).update(data).digest();
}

function nodeHash(left, right) {
  return sha256.create().update(Uint8Array.of(1)).update(left).update(right).digest();
}

export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

// Sizes are below 2**53, so they are halved by division: shifts would cut them at 32 bits.
const half = (number) => Math.floor(number / 2);
const odd = (number) => number % 2 === 1;

export function isIncluded(leaf, index, size, path, root) {
  if (!(index >= 0 && index < size) || [leaf, ...path].some((hash) => hash.length !== HASH_BYTES)) return false;
  let [at, last, found] = [index, size - 1, leaf];
  for (const hash of path) {
    if (last === 0) return false;
    if (odd(at) || at === last) {
      found = nodeHash(hash, found);
      while (!odd(at) && at) [at, last] = [half(at), half(last)];
    } else {
      found = nodeHash(found, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(found, root);
}

export function isConsistent(old, size, oldRoot, newRoot, path) {
  // A book without entries is the beginning of every other.
  if (old === 0) return same(oldRoot, sha256(new Uint8Array())) && !path.length;
  if (old > size || path.some((hash) => hash.length !== HASH_BYTES)) return false;
  if (old === size) return same(oldRoot, newRoot) && !path.length;
  const hashes = Number.isInteger(Math.log2(old)) ? [oldRoot, ...path] : [...path];
  if (!hashes.length) return false;
  let [at, last] = [old - 1, size - 1];
  while (odd(at)) [at, last] = [half(at), half(last)];
  let [was, now] = [hashes[0], hashes[0]];
  for (const hash of hashes.slice(1)) {
    if (last === 0) return false;
    if (odd(at) || at === last) {
      [was, now] = [nodeHash(hash, was), nodeHash(hash, now)];
      while (!odd(at) && at) [at, last] = [half(at), half(last)];
    } else {
      now = nodeHash(now, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(was, oldRoot) && same(now, newRoot);
}
