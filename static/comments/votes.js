// A vote shows at once, for it can be taken back; it is undone when the server refuses it.
// The first button of the form is up, the second down; the pressed one sends `none`.

import { $, $$, on, toast, word } from "../base/device.js";

const STEPS = [1, -1];
const NAMES = ["up", "down"];
const settled = new WeakMap(); // form → promise of what the server knows

const isPressed = (button) => button.getAttribute("aria-pressed") === "true";
const shown = (form) => ({
  vote: STEPS[$$("button", form).findIndex(isPressed)] ?? 0,
  score: Number($("output", form).textContent.replace("\u2212", "-")),
});

const paint = (form, { vote, score }) => {
  $("output", form).textContent = score;
  $$("button", form).forEach((button, at) => {
    button.setAttribute("aria-pressed", vote === STEPS[at]);
    button.value = vote === STEPS[at] ? "none" : NAMES[at];
  });
};

const send = async (form, state) => {
  const data = new URLSearchParams(new FormData(form));
  data.set("value", NAMES[STEPS.indexOf(state.vote)] ?? "none");
  const answer = await fetch(form.action, {
    method: "POST", body: data, headers: { Accept: "application/json" },
    keepalive: true, // who leaves at once has voted all the same
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok || answer.redirected) throw new Error(told.detail ?? "");
  return { ...state, score: told.score ?? state.score };
};

on("submit", "form.vote:not([data-signin])", (event, form) => {
  const step = STEPS[$$("button", form).indexOf(event.submitter)];
  if (!step) return;
  event.preventDefault();
  const was = shown(form);
  const vote = was.vote === step ? 0 : step;
  const next = { vote, score: was.score + vote - was.vote };
  paint(form, next);
  const turn = (settled.get(form) ?? Promise.resolve(was)).then(async (known) => {
    try {
      return await send(form, next);
    } catch (error) {
      toast(error.message && !(error instanceof TypeError) ? error.message : word("NotCounted"));
      return known;
    }
  });
  settled.set(form, turn);
  turn.then((state) => settled.get(form) === turn && paint(form, state)); // unless pressed again
});
