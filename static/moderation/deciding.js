// A decision leaves at once and the item with it; what the server says comes after. One at a time,
// in the order they were made, so that the last one made is the last one to be undone.

import { $, on, toast } from "../base/device.js";
import { closeWith, current, go, goOn, item, leave, print, queue } from "./list.js";

const made = []; // ids of this page's decisions, the last one at the end
let turn = Promise.resolve();
let waiting = 0;

/** Do something when everything before it has been answered. */
export const inTurn = (act) => {
  waiting += 1;
  turn = turn.then(act).catch(() => toast(queue.dataset.offline)).finally(() => { waiting -= 1; });
  return turn;
};
export const isWaiting = () => waiting > 0;

const send = async (action, fields) => {
  const answer = await fetch(action, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json" },
    keepalive: true, // somebody who goes on to another page takes no decision back
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok || answer.redirected) throw Object.assign(new Error(told.detail), { answer });
  return told;
};

export const count = (told) => {
  $("[data-waiting]").textContent = told.waiting;
  for (const tab of ["held", "reported"]) $(`[data-count="${tab}"] .num`).textContent = `(${told[tab]})`;
  document.title = document.title.replace(/\(\d+\+?\)/, `(${told[queue.dataset.tab] ?? told.held})`);
};

const say = (told, undoes) => {
  count(told);
  const act = undoes ? undefined : { name: queue.dataset.undo, run: undo };
  toast(`${told.said} ${told.left}`, act);
};

/** Send an item's form as one of its buttons would. */
export const decide = (one, button) => {
  if (one.hasAttribute("aria-busy")) return undefined; // it is being decided already
  const fields = new FormData(button.form, button);
  const action = button.getAttribute("formaction") ?? button.form.action;
  const stays = queue.dataset.tab === "all";
  one.setAttribute("aria-busy", "true");
  if (!stays) goOn(one);
  return inTurn(async () => {
    try {
      const told = await send(action, fields);
      made.push(told.undo);
      if (told.items.length) keepPlace(one, () => print(told.items[0], one));
      else leave(one);
      say(told);
    } catch (error) {
      refuse(one, error);
    }
  });
};

const keepPlace = (one, act) => {
  const wasCurrent = one === current();
  const fresh = act();
  if (wasCurrent) go(fresh);
};

const refuse = (one, { answer, message }) => {
  if (answer && [404, 409, 410].includes(answer.status) && queue.dataset.tab !== "all") {
    const sentence = answer.status === 404 ? queue.dataset.gone : message;
    closeWith(one, sentence);
    toast(sentence);
    return;
  }
  one.removeAttribute("aria-busy");
  go(one);
  toast(answer && message ? message : queue.dataset.offline);
};

/** Undo the last decision of this page, or the one that the page before left a button for. */
export const undo = () => inTurn(async () => {
  const last = made.pop();
  const left = $(".note [data-undo]");
  if (!last && left) return left.form.requestSubmit(left);
  if (!last) return toast(queue.dataset.nothing);
  const { token, tab, here } = queue.dataset;
  try {
    const told = await send(`/moderation/decisions/${last}/undoing`, {
      csrf_token: token, tab, next: here,
    });
    for (const html of told.items) go(print(html));
    say(told, true);
  } catch (error) {
    if (!error.answer) made.push(last);
    toast(error.answer ? error.message : queue.dataset.offline);
  }
});

on("submit", ".q form", (event, form) => {
  const one = form.closest("[data-item]");
  if (!event.submitter || form.id === "look") return;
  event.preventDefault();
  const menu = event.submitter.closest("details");
  if (menu) menu.open = false;
  decide(one, event.submitter);
});

addEventListener("beforeunload", (event) => {
  if (isWaiting()) event.preventDefault(); // the browser asks whether to leave all the same
});
