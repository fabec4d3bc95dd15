// The sentence that will be booked, written out while the clerk taps. The server says the same after saving.

export function watchAward(form) {
  const picked = form.querySelector("[data-picked]");
  const asks = [...form.querySelectorAll("[data-ask]")];
  const further = [...form.querySelectorAll("[data-more]")];
  const note = form.elements.namedItem("note");
  const minutes = form.elements.namedItem("minutes");
  const points = form.elements.namedItem("points");

  function refresh() {
    const item = form.querySelector('input[name="item"]:checked');
    for (const ask of asks) {
      ask.hidden = !item || !wants(item, ask.dataset.ask);
      for (const input of ask.querySelectorAll("input")) input.disabled = ask.hidden;
    }
    for (const more of further) more.hidden = more.disabled = item?.value !== more.dataset.more;
    // Within a range the clerk has to say why: the field for it is opened, and cannot be left out.
    if (note) note.required = item?.dataset.why === "yes";
    const folded = note?.closest("details");
    if (folded && note.required) folded.open = true;
    if (picked && item) picked.textContent = `${item.dataset.title} ${item.dataset.amount}`;
    // Looked up each time: the server's answer replaces it with the sentence that will be booked.
    const sentence = form.querySelector("[data-sentence-here]");
    sentence.textContent = item ? say(item, minutes, points) : sentence.dataset.empty;
  }

  for (const button of form.querySelectorAll("[data-minutes]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      minutes.value = button.dataset.minutes;
      minutes.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  form.addEventListener("input", (event) => {
    if (event.target.name === "item") {
      limit(event.target, minutes, points);
      // The long list closes, and its heading says what was picked.
      const list = event.target.closest("[data-pick]");
      if (list) list.open = false;
      refresh();
      // What the item asks stands below a long list.
      [...asks, ...further].find((ask) => !ask.hidden)?.scrollIntoView({ block: "center" });
      return;
    }
    refresh();
  });
  refresh();
}

function wants(item, ask) {
  return ask === "person" ? item.dataset.person === "yes" : item.dataset.asks === ask;
}

function limit(item, minutes, points) {
  const field = { minutes, points }[item.dataset.asks];
  if (!field) return;
  field.min = item.dataset.least;
  field.max = item.dataset.most;
  field.value = item.dataset.usual;
}

function say(item, minutes, points) {
  const words = item.form.dataset;
  const amount = {
    minutes: () => hours(words, Number(minutes.value)),
    points: () => words.points.replace("{points}", points.value || "?"),
  };
  return item.dataset.sentence.replace("{amount}", () => amount[item.dataset.asks]?.() ?? "");
}

function hours(words, total) {
  const whole = Math.floor(total / 60);
  const rest = total % 60;
  const pattern = !whole ? words.minutes : rest ? words.hoursMinutes : words.hours;
  return pattern.replace("{hours}", whole).replace("{minutes}", rest);
}
