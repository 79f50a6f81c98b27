// One key a decision. Never while typing, never with Ctrl, Alt or Meta, and they can be turned off
// for this device (WCAG 2.2, 2.1.4).

import { $, $$, on, store } from "../base/device.js";
import { decide, inTurn, undo } from "./deciding.js";
import { current, go, items, queue } from "./list.js";

const OFF = "queue-keys-off";
const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const keySwitch = $("[data-keys-switch]");
const here = (selector) => current() && $(selector, current());
const menu = () => here("details.menu");

const step = (by) => {
  const all = items();
  go(all[all.indexOf(current()) + by]);
};

const press = (key) => {
  const button = here(`[data-key="${key}"]`);
  if (button) decide(current(), button);
};

const openReasons = () => {
  if (!menu()) return;
  menu().open = true;
  $("div", menu()).scrollIntoView({ block: "nearest" });
  $("button", menu()).focus();
};

const choose = (button) => {
  menu().open = false;
  if (button.form.id !== "look") return decide(current(), button);
  inTurn(() => button.form.requestSubmit(button)); // it leads away: first all else is answered
};

const tick = () => here("[type=checkbox]")?.click();

const showKeys = () => {
  const keys = $("[data-keys-shown]");
  keys.scrollIntoView({ block: "nearest" });
  keys.focus({ preventScroll: true });
};

const KEYS = {
  j: () => step(1), k: () => step(-1), a: () => press("a"), s: () => press("s"),
  r: openReasons, u: undo, x: tick, "?": showKeys,
};

const paint = () => {
  const isOff = Boolean(store.get(OFF));
  queue.toggleAttribute("data-keys", !isOff);
  keySwitch.textContent = isOff ? keySwitch.dataset.on : keySwitch.dataset.off;
};

const listen = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.(FIELDS) || store.get(OFF)) return;
  const reason = menu()?.open && $$("div button", menu())[event.key - 1];
  const act = reason ? () => choose(reason) : Object.hasOwn(KEYS, event.key) && KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  if (!event.repeat || "jk".includes(event.key)) act(); // a key held down decides once
};

if (queue) {
  paint();
  document.addEventListener("keydown", listen);
  on("click", "[data-keys-switch]", () => {
    store.set(OFF, store.get(OFF) ? null : true);
    paint();
  });
}
