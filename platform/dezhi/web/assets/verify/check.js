// Checks a receipt, or a proof between two seals, part by part. Each step has a name of words.js and whether it holds.
import { readBody } from "./body.js";
import { fingerprint, fromBase64, isSigned, normal, readHead, readKey, readNote, shortCode, utf8 } from "./notes.js";
import { isConsistent, isIncluded, leafHash } from "./tree.js";

const RECEIPT = "dezhi-receipt-1";
const CONSISTENCY = "dezhi-consistency-1";

const attempt = (work) => {
  try {
    return work();
  } catch {
    return null;
  }
};

// How a book stood at a seal.
function readSeal(sealed) {
  const note = readNote(sealed.note);
  const key = readKey(sealed.key);
  const county = readHead(note.text);
  if (county.name !== key.name) throw new Error("another name's key");
  const book = readHead(sealed.head);
  const path = sealed.path.map(fromBase64);
  return { note, key, county, book, path, index: sealed.index, head: sealed.head, code: shortCode(note.text, sealed.key) };
}

const stood = (seal) => isIncluded(leafHash(utf8(seal.head)), seal.index, seal.county.size, seal.path, seal.county.root);

// Whether a seal is the one that somebody noted: by its short code, or by the whole note.
function isNoted(seal, noted) {
  const pasted = noted.includes("—") && attempt(() => readNote(`${noted.trim()}\n`));
  return pasted ? pasted.text === seal.note.text && isSigned(seal.key, pasted) : normal(noted) === normal(seal.code);
}

function* receiptSteps(file, noted, told) {
  const seal = attempt(() => readSeal(file.seal));
  yield ["note", Boolean(seal)];
  Object.assign(told, { seal });
  yield ["signature", isSigned(seal.key, seal.note)];
  if (noted) yield ["code", isNoted(seal, noted)];
  yield ["book", stood(seal)];
  const data = fromBase64(file.body);
  const leaf = leafHash(data);
  const body = attempt(() => readBody(data));
  Object.assign(told, { body, leaf: fingerprint(leaf), title: String(file.title || "") });
  const own = body && file.number === `${body.book}-${body.period}-${body.seq}`;
  const here = own && seal.book.name.endsWith(`/book/${body.book}`);
  yield ["entry", Boolean(here) && isIncluded(leaf, body.seq - 1, seal.book.size, file.path.map(fromBase64), seal.book.root)];
}

function* consistencySteps(file, noted, told) {
  const [old, seal] = [file.old, file.new].map((sealed) => attempt(() => readSeal(sealed)));
  yield ["note", Boolean(old && seal)];
  Object.assign(told, { old, seal });
  yield ["signature", isSigned(old.key, old.note) && isSigned(seal.key, seal.note)];
  if (noted) yield ["code", isNoted(old, noted) || isNoted(seal, noted)];
  yield ["book", stood(old) && stood(seal)];
  const path = file.path.map(fromBase64);
  const joined = isConsistent(old.book.size, seal.book.size, old.book.root, seal.book.root, path);
  yield ["history", old.book.name === seal.book.name && joined];
}

const KINDS = { [RECEIPT]: ["receipt", receiptSteps], [CONSISTENCY]: ["consistency", consistencySteps] };

// Everything that can be said of a file: its kind, the steps up to the first that fails, and what it tells.
export function check(text, noted) {
  const file = attempt(() => JSON.parse(text));
  const [kind, steps] = (file && KINDS[file.format]) || [];
  if (!kind) return { kind: "unknown", steps: [], holds: false };
  const told = {};
  const done = [];
  try {
    for (const step of steps(file, noted.trim(), told)) {
      done.push(step);
      if (!step[1]) break;
    }
  } catch {
    // A part that is not what it should be: what was looked at last does not hold.
    done.push(["file", false]);
  }
  return { kind, steps: done, holds: done.every(([, ok]) => ok), noted: Boolean(noted.trim()), told };
}
