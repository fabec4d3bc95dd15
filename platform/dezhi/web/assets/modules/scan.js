// Cards and codes: the camera where the browser can read codes, and scanners that type like a keyboard.

const GAP_MS = 50; // no hand types faster than this; a scanner does
const LEAST = 6; // characters of the shortest code

export function offerScanning() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  for (const button of document.querySelectorAll("[data-scan]")) {
    button.hidden = false;
    button.addEventListener("click", () => scanInto(document.getElementById(button.dataset.scan), button.dataset.close));
  }
}

async function scanInto(input, closeText) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
  if (!stream) {
    input.focus();
    return;
  }
  const dialog = document.createElement("dialog");
  const video = document.createElement("video");
  const close = document.createElement("button");
  dialog.className = "dialog";
  video.playsInline = true;
  video.muted = true;
  close.type = "button";
  close.className = "button button--wide";
  close.textContent = closeText;
  close.addEventListener("click", () => dialog.close());
  dialog.append(video, close);
  dialog.addEventListener("close", () => {
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  video.srcObject = stream;
  await video.play();
  const detector = new BarcodeDetector();
  while (dialog.open) {
    const [code] = await detector.detect(video).catch(() => []);
    if (code) {
      dialog.close();
      enter(input, code.rawValue);
      return;
    }
    await new Promise((done) => setTimeout(done, 120));
  }
}

function enter(input, value) {
  // A card's code may be an address that ends with the number.
  input.value = value.split("/").pop();
  input.form.requestSubmit ? input.form.requestSubmit() : input.form.submit();
}

// A phone's own camera opens the address on the card. The card stands behind its #, which no browser sends to a server.
export function readAddress() {
  const input = document.querySelector("[data-scan-into]");
  const card = location.hash.match(/^#\/([A-Z2-7]{26})$/);
  if (!input || !card) return;
  history.replaceState(null, "", location.pathname);
  input.value = card[1];
  document.getElementById("f-pin")?.focus();
}

// A scanner may type while nothing is focused: its characters go into the page's data-scan-into field.
export function catchScanner() {
  const input = document.querySelector("[data-scan-into]");
  if (!input) return;
  let typed = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.timeStamp - last > GAP_MS) typed = "";
    last = event.timeStamp;
    if (event.key === "Enter" && typed.length >= LEAST) {
      event.preventDefault();
      enter(input, typed);
    } else if (event.key.length === 1) {
      typed += event.key;
    }
  });
}
