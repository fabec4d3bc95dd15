// The page: takes a file or its text and a short code, and says in words what is proved or which part fails.
import { check } from "./check.js";
import { normal } from "./notes.js";
import { WORDS } from "./words.js";

const HOURS = 3;
const CODE_SIGNS = 20;
const [RECEIPT, CONSISTENCY] = ["receipt", "consistency"];
const form = document.querySelector("form");
const result = document.querySelector("#result");
let language = /^zh/i.test(navigator.language) ? 0 : 1;
let fileText = "";
let last = null;

const say = (key, values = {}) => WORDS[key][language].replace(/\{(\w+)\}/g, (_, name) => values[name]);

function element(tag, text = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

const day = (number) => String(number).replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");

// The village's clock is eight hours ahead of the world's, in summer too.
const moment = (micros) => new Date(micros / 1000 + 8 * 3600 * 1000).toISOString().slice(0, 16).replace("T", " ");

function amount(asset, value) {
  const n = asset === HOURS ? say("time", { h: Math.floor(value / 60), m: value % 60 }) : value;
  return `asset.${asset}` in WORDS ? say(`asset.${asset}`, { n }) : String(value);
}

function amounts(body) {
  const sums = new Map();
  for (const line of body.lines) sums.set(line.asset, (sums.get(line.asset) || 0) + line.amount);
  const said = [...sums].map(([asset, sum]) => amount(asset, sum));
  if (body.held) said.push(say("held", { n: body.held }));
  return said.join(say("and")) || say("none");
}

function kind(body) {
  const known = `kind.${body.kind}`;
  const word = known in WORDS ? say(known) : say("kindOther", { n: body.kind });
  const about = body.reverses ? say("reversesNumber", { n: body.reverses }) : body.confirms ? say("confirmsNumber", { n: body.confirms }) : "";
  return about ? `${word} · ${about}` : word;
}

function facts(rows) {
  const list = element("dl", "", "facts");
  for (const [label, text] of rows) if (text) list.append(element("dt", label), element("dd", text));
  return list;
}

function entryFacts({ body, title, leaf }) {
  const code = body.item || "";
  return [
    [say("day"), day(body.day)],
    [say("what"), kind(body)],
    [say("amounts"), amounts(body)],
    [say("item"), title && code ? say("titled", { title, code }) : code],
    [say("number"), `${body.book}-${body.period}-${body.seq}`],
    [say("booked"), moment(body.postedAt)],
    [say("print"), leaf],
  ];
}

const standing = (seal) => `${seal.county.day} · ${seal.code} · ${say("entries", { n: seal.book.size })}`;

function sealFacts({ seal, old }) {
  const signer = [say("signer"), `${seal.key.name} ${seal.key.hex}`];
  if (old) return [[say("oldSeal"), standing(old)], [say("newSeal"), standing(seal)], signer];
  return [[say("sealDay"), seal.county.day], [say("sealCode"), seal.code], signer];
}

function verdict(found) {
  const failed = found.steps.find(([, ok]) => !ok);
  if (found.kind === "unknown") return ["wrong", [say("unknown")]];
  if (failed) return ["wrong", [say("fails"), say(`fails.${failed[0]}`), say("ask")]];
  if (!found.noted) return ["warn", [say("alone")]];
  return ["done", [say(found.kind === CONSISTENCY ? "holdsConsistency" : "holdsReceipt")]];
}

function show(found) {
  last = found;
  const [tone, [head, ...more]] = verdict(found);
  const box = element("div", "", `tell${tone === "done" ? "" : ` tell--${tone}`}`);
  box.dataset.verdict = tone;
  box.append(element("h2", head), ...more.map((text) => element("p", text)));
  result.replaceChildren(box);
  if (found.steps.length) {
    const steps = element("ol", "", "steps");
    for (const [name, ok] of found.steps) {
      const step = element("li", ok ? `✓ ${say(`step.${name}`)}` : `✗ ${say(`stepNot.${name}`)}`, ok ? "" : "steps__wrong");
      step.dataset.step = name;
      steps.append(step);
    }
    result.append(steps);
  }
  const { told } = found;
  if (told && told.body) result.append(element("h2", say(found.holds ? "says" : "saysNow")), facts(entryFacts(told)));
  if (told && told.seal) result.append(element("h2", say("saysSeal")), facts(sealFacts(told)));
}

function render() {
  document.documentElement.lang = language ? "en" : "zh-CN";
  document.title = say("title");
  for (const one of document.querySelectorAll("[data-t]")) one.textContent = say(one.dataset.t);
  if (last) show(last);
}

function tellOfFile(word) {
  const help = document.querySelector("#file-help");
  help.dataset.t = word;
  help.textContent = say(word);
}

// A slip of the hand must not read like a forged book. Who pastes the whole seal brings its dash.
function isMistyped(code) {
  const signs = normal(code).length;
  return Boolean(code.trim()) && !code.includes("—") && signs !== CODE_SIGNS;
}

function ask(word) {
  last = null;
  result.replaceChildren(element("p", say(word), "tell tell--warn"));
}

form.file.addEventListener("change", async () => {
  fileText = form.file.files[0] ? await form.file.files[0].text() : "";
  if (fileText) form.text.value = "";
  tellOfFile("fileHelp");
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  result.replaceChildren();
  if (form.file.files[0] && !form.text.value.trim()) fileText = await form.file.files[0].text();
  const text = form.text.value.trim() || fileText;
  if (!text) ask("empty");
  else if (isMistyped(form.code.value)) ask("codeLength");
  else show(check(text, form.code.value));
  result.focus();
});

document.querySelector("[data-language]").addEventListener("click", () => {
  language = 1 - language;
  render();
});

// A link from the passbook brings the receipt behind the #, which no server is ever sent.
function take() {
  const brought = new URLSearchParams(location.hash.slice(1)).get(RECEIPT);
  if (!brought) return;
  form.text.value = brought;
  tellOfFile("fileBrought");
  show(check(brought, form.code.value));
}

// Opened as a file it is kept already.
const keep = document.querySelector("[data-keep]");
if (location.protocol.startsWith("http")) {
  keep.href = location.pathname;
  keep.hidden = false;
}

addEventListener("hashchange", take);
render();
take();
