// Rows of a draft are kept as they are ticked, so that leaving the page loses nothing. Without script the form's own
// button keeps them; it waits here until the last tick has arrived, or it would send an edition that is gone.

export function keepTicks() {
  const form = document.querySelector("form[data-ticks]");
  if (!form) return;
  let waiting = 0;
  let last = Promise.resolve();
  form.addEventListener("change", ({ target }) => {
    if (target.type !== "radio") return;
    waiting += 1;
    last = last.then(() => keep(form, target)).finally(() => (waiting -= 1));
  });
  form.addEventListener("submit", (event) => {
    if (!waiting) return;
    event.preventDefault();
    const by = event.submitter;
    last.then(() => form.requestSubmit(by));
  });
}

async function keep(form, radio) {
  const { edition, _csrf_token: token } = form.elements;
  const body = new URLSearchParams({
    _csrf_token: token.value,
    edition: edition.value,
    go: "tick",
    [radio.name]: radio.value,
  });
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
    if (answer.status === 204) edition.value = answer.headers.get("X-Edition");
  } catch {
    // No network: the button sends every tick again, or says so.
  }
}
