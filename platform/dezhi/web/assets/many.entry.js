// Many households at once: counting, and a draft that outlives a closed tab and a lost link.
import { watchAward } from "./modules/award.js";
import { Draft } from "./modules/draft.js";
import { watchGrids } from "./modules/grids.js";

const form = document.querySelector("[data-many]");
if (form) {
  const draft = new Draft(form, document.getElementById("result"));
  draft.restore();
  watchGrids(form);
  watchAward(form);
  draft.watch();
}
