// The tick grid: how many are ticked, in each grid and in all, and a button that ticks a whole grid.

export function watchGrids(form) {
  const count = form.querySelector("[data-count]");

  function refresh() {
    let all = 0;
    for (const grid of form.querySelectorAll("[data-grid]")) {
      const ticked = grid.querySelectorAll("input:checked").length;
      const button = grid.querySelector("[data-all]");
      all += ticked;
      grid.querySelector("[data-ticked]").textContent = ticked;
      button.textContent = ticked ? button.dataset.noneText : button.dataset.allText;
    }
    count.textContent = all ? form.dataset.saidCount.replace("{n}", all) : form.dataset.saidNone;
  }

  for (const button of form.querySelectorAll("[data-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const boxes = [...button.closest("[data-grid]").querySelectorAll('input[name="household"]')];
      const tick = !boxes.some((box) => box.checked);
      for (const box of boxes) box.checked = tick;
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  form.addEventListener("input", refresh);
  refresh();
}
