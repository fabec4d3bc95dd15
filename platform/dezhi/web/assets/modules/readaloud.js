// A button marked data-read="ID" reads the text of that element aloud, and stops when pressed again. A phone may offer to
// speak and have no voice: then nothing begins, and the button says so instead of pretending to read.

const PATIENCE = 5000; // milliseconds until a voice must have begun

export function offerReading() {
  if (!("speechSynthesis" in window)) return;
  for (const button of document.querySelectorAll("[data-read]")) {
    const label = button.querySelector("span") ?? button;
    const text = label.textContent;
    const rest = () => {
      label.textContent = text;
      button.removeAttribute("aria-pressed");
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel();
        rest();
        return;
      }
      const speech = new SpeechSynthesisUtterance(document.getElementById(button.dataset.read).textContent.trim());
      speech.lang = document.documentElement.lang;
      speech.rate = 0.85; // slow enough for old ears
      const silent = setTimeout(() => {
        speechSynthesis.cancel();
        rest();
        label.textContent = button.dataset.mute;
        button.disabled = true;
      }, PATIENCE);
      const done = () => {
        clearTimeout(silent);
        rest();
      };
      speech.onstart = () => clearTimeout(silent);
      speech.onend = done;
      speech.onerror = done;
      label.textContent = button.dataset.stop;
      button.setAttribute("aria-pressed", "true");
      speechSynthesis.speak(speech);
    });
  }
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
