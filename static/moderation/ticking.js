// "Select all", the number of ticked items, and a selection that waits for decisions under way.

import { $, $$, on } from "../base/device.js";
import { inTurn, isWaiting } from "./deciding.js";
import { queue } from "./list.js";

const boxes = () => $$(":scope > [data-item] > [type=checkbox]", queue);

const tally = () => {
  const all = boxes();
  const ticked = all.filter(({ checked }) => checked).length;
  $("[data-ticked]").textContent = ticked;
  const whole = $("[data-tick-all]");
  whole.checked = ticked > 0 && ticked === all.length;
  whole.indeterminate = ticked > 0 && ticked < all.length;
};

on("change", "[data-tick-all]", (_event, whole) => {
  for (const box of boxes()) box.checked = whole.checked;
  tally();
});
on("change", ".q [type=checkbox]", tally);
queue?.addEventListener("queue:left", tally);

on("submit", "#selection", (event, form) => {
  if (!isWaiting()) return;
  event.preventDefault();
  inTurn(() => setTimeout(() => form.requestSubmit(event.submitter)));
});
