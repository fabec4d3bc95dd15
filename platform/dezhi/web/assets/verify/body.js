// What an entry's bytes say, formats 1 and 2 (dezhi.core.body). Only what the page shows is taken out.

// By tag. What is missing has no length in format 1, and no tag in format 2.
const NUMBERS = { 1: "book", 2: "period", 3: "seq", 4: "kind", 5: "day", 6: "postedAt", 21: "reverses", 24: "held", 33: "confirms" };
const TEXTS = { 12: "item" };
const LINES = 28;
const FORMATS = [1, 2];

// Ids have 63 bits and are never shown; what is shown fits into a number of JavaScript's.
const number = (view, at) => Number(view.getBigInt64(at));

export function readBody(data) {
  if (!FORMATS.includes(data[0])) throw new Error("an unknown format");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const body = { lines: [] };
  let [at, before] = [1, 0];
  while (at < data.length) {
    const [tag, length] = [data[at], view.getUint32(at + 1)];
    if (tag <= before || at + 5 + length > data.length) throw new Error("broken");
    at += 5;
    if (tag in NUMBERS && length) body[NUMBERS[tag]] = number(view, at);
    if (tag in TEXTS) body[TEXTS[tag]] = new TextDecoder().decode(data.slice(at, at + length));
    if (tag === LINES) {
      for (let row = at; row < at + length; row += 32) {
        body.lines.push({ asset: number(view, row + 16), amount: number(view, row + 24) });
      }
    }
    [at, before] = [at + length, tag];
  }
  return body;
}
