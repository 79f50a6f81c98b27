// "3 new comments": asks now and then whether there are any. Nothing moves until it is pressed.

import { $, make } from "../base/device.js";

const SOONEST = 20_000; // ms between two questions
const LATEST = 60_000; // after a long silence
const SLOWER = 1.2; // with every answer that brings nothing
const MOST_FAILURES = 5; // in a row; then the page stops asking
const box = $("[data-newer]");
let pause = SOONEST;
let failures = 0;
let shown = 0;
let asked = Date.now();
let timer;

// Every open page gets the same answer, the newest numbers; each counts what came after it.
const show = ({ newest, url }) => {
  const count = newest.filter((number) => number > box.dataset.since).length;
  if (count === shown) {
    pause = Math.min(pause * SLOWER, LATEST);
    return;
  }
  shown = count;
  pause = SOONEST;
  const text = count === 1 ? box.dataset.one : box.dataset.many.replace("%d", count);
  const pill = make("a", "pill", text);
  pill.href = url;
  box.replaceChildren(...(count ? [pill] : []));
};

const ask = async () => {
  asked = Date.now();
  try {
    // The browser sends the ETag it has; an unchanged answer costs no bytes.
    const answer = await fetch(box.dataset.url, {
      cache: "no-cache", headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(answer.status);
    show(await answer.json());
    failures = 0;
  } catch {
    failures += 1;
    pause = LATEST;
  }
  plan();
};

const plan = () => {
  clearTimeout(timer);
  if (document.hidden || failures >= MOST_FAILURES) return;
  timer = setTimeout(ask, Math.max(0, asked + pause - Date.now()));
};

if (box) {
  document.addEventListener("visibilitychange", plan);
  plan();
}
