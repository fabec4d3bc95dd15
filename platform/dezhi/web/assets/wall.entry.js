// The wall: shows one panel after the other and fetches fresh figures when the book moved, and each minute; without a network it goes on.
const SHOW_MS = 12_000;
const REFRESH_MS = 60_000;
const MOVED_MS = 3_000;

const wall = document.querySelector("[data-wall]");
const dots = wall.querySelector("[data-dots]");
let now = 0;

function panels() {
  return [...wall.querySelectorAll("[data-panel]")];
}

function show(index) {
  const all = panels();
  if (!all.length) return;
  now = index % all.length;
  all.forEach((panel, at) => {
    panel.hidden = at !== now;
  });
  leaveOutWhatDoesNotFit(all[now]);
  dots.replaceChildren(
    ...all.map((_, at) => {
      const dot = document.createElement("li");
      dot.classList.toggle("is-now", at === now);
      return dot;
    }),
  );
}

// Half a line at the foot of a board looks careless. Lines first stand closer; what still does not fit whole is left
// out from the end, and of an honour board always the whole place, because equal points share it.
function leaveOutWhatDoesNotFit(panel) {
  const lines = [...panel.querySelectorAll("li")];
  const foot = panel.getBoundingClientRect().bottom + 1;
  const fits = () => lines.every((line) => line.hidden || line.getBoundingClientRect().bottom <= foot);
  for (const line of lines) line.hidden = false;
  panel.classList.remove("is-tight");
  if (fits()) return;
  panel.classList.add("is-tight");
  for (let last = lines.length - 1; last > 0 && !fits(); last -= 1) {
    const { place } = lines[last].dataset;
    for (const line of lines) if (line === lines[last] || (place && line.dataset.place === place)) line.hidden = true;
  }
}

// Refreshes never overlap, and a book that moves all the time is fetched every few seconds, not all the time.
let fetching = false;
let fetched = Date.now();
let due = 0;

function refreshSoon() {
  if (due) return;
  // Walls that were told together do not come together.
  const pause = Math.max(0, fetched + MOVED_MS - Date.now()) + Math.random() * 1_000;
  due = setTimeout(refresh, pause);
}

async function refresh() {
  clearTimeout(due);
  due = 0;
  if (fetching) return;
  fetching = true;
  const state = wall.querySelector("[data-state]");
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of wall.querySelectorAll("[data-fresh]")) {
      const next = fresh.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
      if (next) part.replaceChildren(...next.childNodes);
    }
    for (const selector of [".mast__day", "[data-state]"]) {
      const next = fresh.querySelector(selector);
      if (next) wall.querySelector(selector).replaceChildren(...next.childNodes);
    }
    wall.dataset.seen = fresh.querySelector("[data-wall]").dataset.seen;
    show(now);
  } catch {
    state.textContent = state.dataset.offline;
  } finally {
    fetching = false;
    fetched = Date.now();
  }
}

// The village says when its book moved; what moved, the page says. Without the stream there is the refresh each minute.
let stream = null;

function listen() {
  if (!wall.dataset.live || !window.EventSource) return;
  if (stream && stream.readyState !== EventSource.CLOSED) return;
  stream = new EventSource(wall.dataset.live);
  stream.addEventListener("moved", ({ data }) => {
    if (data !== wall.dataset.seen) refreshSoon();
  });
}

wall.classList.add("is-cycling");
// `#2` at the end of the address begins with the second panel: for pictures and for trying a panel out.
show(Math.max(0, Number.parseInt(location.hash.slice(1), 10) - 1 || 0));
setInterval(() => show(now + 1), SHOW_MS);
setInterval(() => {
  refresh();
  listen();
}, REFRESH_MS);
listen();
// A page that is left must not hold one of the village's streams while the browser keeps it for "back".
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", listen);
