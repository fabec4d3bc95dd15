// The draft of a batch. It is kept in this browser under the form's address with the key it will be sent under, so
// that sending twice books once. It goes only when the server has answered that it is booked.

const AGAIN_MS = 15_000;

export class Draft {
  constructor(form, result) {
    this.form = form;
    this.result = result;
    this.state = form.querySelector("[data-state]");
    // Whose draft it is belongs to its name: somebody else at this computer must not send it.
    this.name = `dezhi-draft:${form.dataset.owner}:${form.getAttribute("action")}`;
    this.sending = false;
  }

  restore() {
    const kept = read(this.name);
    if (!kept) return;
    const { form } = this;
    form.elements.namedItem("key").value = kept.key;
    for (const name of ["points", "day"]) if (kept[name]) form.elements.namedItem(name).value = kept[name];
    const item = [...form.querySelectorAll('input[name="item"]')].find((input) => input.value === kept.item);
    if (item) {
      item.checked = true;
      const list = item.closest("[data-pick]");
      if (list) list.open = false;
    }
    // What is kept is who is left out: households that came to the village since then are in.
    const out = new Set(kept.out);
    for (const box of form.querySelectorAll('input[name="household"]')) box.checked = !out.has(box.value);
    this.say(form.dataset.saidKept);
    if (kept.sent) this.send();
  }

  watch() {
    this.form.addEventListener("input", () => this.keep(false));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    addEventListener("online", () => this.sendAgain());
    setInterval(() => this.sendAgain(), AGAIN_MS);
  }

  keep(sent) {
    const { form } = this;
    const value = (name) => form.elements.namedItem(name)?.value ?? "";
    write(this.name, {
      key: value("key"),
      item: form.querySelector('input[name="item"]:checked')?.value ?? "",
      points: value("points"),
      day: value("day"),
      out: [...form.querySelectorAll('input[name="household"]:not(:checked)')].map((box) => box.value),
      sent,
    });
    if (!sent) this.say(form.dataset.saidKept);
  }

  sendAgain() {
    if (read(this.name)?.sent) this.send();
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    this.keep(true);
    this.say(this.form.dataset.saidSending);
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        // Not as parts: a thousand households would be more parts than a server takes.
        body: new URLSearchParams(new FormData(this.form)),
        headers: { Accept: "text/html" },
      });
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (answer.redirected) {
        this.say(this.form.dataset.saidLogin);
        return;
      }
      this.show(await answer.text());
    } catch {
      this.say(this.form.dataset.saidOffline);
    } finally {
      this.sending = false;
    }
  }

  show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const booked = page.querySelector("[data-booked]");
    if (booked) {
      localStorage.removeItem(this.name);
      this.form.remove();
    } else {
      // Refused: what was typed stays, and is not sent again by itself.
      this.keep(false);
    }
    this.result.replaceChildren(booked ?? page.querySelector("#wrong") ?? page.querySelector("main"));
    this.result.scrollIntoView();
  }

  say(text) {
    this.state.textContent = text;
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function write(name, draft) {
  try {
    localStorage.setItem(name, JSON.stringify(draft));
  } catch {
    // A full or forbidden storage: the page still sends, only without a net.
  }
}
