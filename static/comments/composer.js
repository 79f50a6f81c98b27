// Posting: Ctrl or Cmd and Enter sends, the button says so and takes no second press, and a lost
// connection is noticed before the page is left.

import { $, $$, make, on, word } from "../base/device.js";

const PATIENCE = 10_000; // ms; then the button works again, for somebody who pressed Stop

const wait = (button) => {
  button.style.inlineSize = `${button.offsetWidth}px`;
  button.dataset.label = button.textContent;
  button.textContent = button.dataset.busy;
  button.disabled = true;
};

const rest = (form) => {
  delete form.dataset.sent;
  for (const button of $$("button[data-label]", form)) {
    button.textContent = button.dataset.label;
    delete button.dataset.label;
    button.style.inlineSize = "";
    button.disabled = false;
  }
};

const sayOffline = (form, button) => {
  const note = make("div", "note bad");
  note.setAttribute("role", "alert");
  note.dataset.offline = "";
  const text = make("p", "");
  text.append(make("strong", "", word("Offline")), ` ${word("Kept")} `,
    make("button", "plain", word("Again")));
  note.append(text);
  const place = button?.closest(".ends") ?? button;
  if (place) place.before(note);
  else form.append(note);
};

on("keydown", "form.composer textarea", (event, { form }) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit($("button[data-busy]", form));
});

on("submit", "form.composer", (event, form) => {
  const button = $("button[data-busy]", form);
  $("[data-offline]", form)?.remove();
  if (navigator.onLine === false) {
    event.preventDefault();
    sayOffline(form, button);
  } else if ("sent" in form.dataset) {
    event.preventDefault();
  } else {
    form.dataset.sent = "";
    // Later: a button that is disabled already is left out of what is sent.
    if (button && event.submitter === button) setTimeout(wait, 0, button);
    setTimeout(rest, PATIENCE, form);
  }
});

addEventListener("pageshow", () => $$("form.composer[data-sent]").forEach(rest));
