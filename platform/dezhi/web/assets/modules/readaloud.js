// A button marked data-read="ID" reads the text of that element aloud, and stops when pressed again.

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
      speech.onend = rest;
      speech.onerror = rest;
      label.textContent = button.dataset.stop;
      button.setAttribute("aria-pressed", "true");
      speechSynthesis.speak(speech);
    });
  }
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
