// The clerk's pages: search while typing (htmx), and the sentence that will be booked.
import "htmx.org";
import { watchAward } from "./modules/award.js";
import { catchScanner } from "./modules/scan.js";

catchScanner();
const form = document.querySelector("[data-award]");
if (form) watchAward(form);
for (const link of document.querySelectorAll("[data-focus]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(link.dataset.focus).focus();
  });
}
