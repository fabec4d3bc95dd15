// Buttons with data-confirm="ID" open the dialog of that id first; its data-yes button sends the form.

export function confirmInDialog() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (button) {
      const dialog = document.getElementById(button.dataset.confirm);
      if (!dialog?.showModal || !button.form.reportValidity()) return;
      event.preventDefault();
      dialog.showModal();
      dialog.querySelector("[data-yes]").onclick = () => {
        dialog.close();
        button.form.requestSubmit ? sendWith(button) : button.form.submit();
      };
      return;
    }
    event.target.closest("[data-close]")?.closest("dialog").close();
  });
}

function sendWith(button) {
  // The button's own name and value go along, and its question is not asked twice.
  const id = button.dataset.confirm;
  delete button.dataset.confirm;
  button.form.requestSubmit(button);
  button.dataset.confirm = id;
}
