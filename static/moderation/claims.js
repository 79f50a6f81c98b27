// Tells the others which item is being looked at here, and shows what they look at and decide.

import { $ } from "../base/device.js";
import { count, isWaiting } from "./deciding.js";
import { closeWith, current, item, items, queue } from "./list.js";

const SOON = 400; // ms; who only passes an item by doesn't claim it
const AGAIN = 20_000; // ms between two questions
let isHere = true; // somebody has moved or typed since the last question
let timer;

const show = ({ looking, decided, ...told }) => {
  if (!isWaiting()) count(told); // a decision under way brings newer ones
  for (const one of items()) {
    const badge = $("[data-looking]", one);
    badge.textContent = looking[one.dataset.item] ?? "";
    badge.hidden = !badge.textContent;
  }
  if (queue.dataset.tab === "all") return;
  for (const [name, sentence] of Object.entries(decided)) {
    const gone = item(name);
    if (gone && !gone.hasAttribute("aria-busy")) closeWith(gone, sentence);
  }
};

const ask = async () => {
  const said = new URLSearchParams({ csrf_token: queue.dataset.token });
  if (isHere && current()) said.set("item", current().dataset.item);
  for (const one of items()) said.append("shown", one.dataset.item);
  isHere = false;
  try {
    const answer = await fetch(queue.dataset.claims, {
      method: "POST", body: said, headers: { Accept: "application/json" },
    });
    if (answer.ok && !answer.redirected) show(await answer.json());
  } catch { /* it only helps; the next question may come through */ }
  plan(AGAIN);
};

const plan = (pause) => {
  clearTimeout(timer);
  if (!document.hidden && items().length) timer = setTimeout(ask, pause);
};

if (queue) {
  for (const kind of ["pointermove", "keydown", "scroll"]) {
    addEventListener(kind, () => { isHere = true; }, { passive: true });
  }
  queue.addEventListener("queue:current", () => { isHere = true; plan(SOON); });
  document.addEventListener("visibilitychange", () => plan(SOON));
  plan(0);
}
