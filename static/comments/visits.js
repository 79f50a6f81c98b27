// "2 new since your last visit": this device remembers the letter's clock when the page is left.

import { $, $$, each, make, store } from "../base/device.js";

const talk = $(".talk[data-clock]");
const key = `seen:${talk?.dataset.slug}`;
const seen = store.get(key);

const mark = (comment) => {
  const head = $(":scope > article > .c-head, :scope > .lowc > article > .c-head", comment);
  if (!head || "mine" in comment.dataset || comment.classList.contains("is-new")) return;
  if (!(Number(comment.id.slice(2)) > seen)) return; // c-17 → 17
  comment.classList.add("is-new");
  head.append(make("span", "badge warn", talk.dataset.newBadge));
  count();
};

const count = () => {
  const fresh = $$(".is-new", talk);
  const head = $(":scope > header > div", talk);
  let link = $("[data-visits]", head);
  if (!link) {
    link = make("a", "hint");
    link.dataset.visits = "";
    head.append(link);
  }
  link.textContent = talk.dataset.newText.replace("%d", fresh.length);
  link.href = `#${fresh[0].id}`;
};

const remember = () => store.set(key, Math.max(store.get(key) ?? 0, Number(talk.dataset.clock)));

if (talk) {
  if (seen !== null) each(".talk .c[id]", mark);
  addEventListener("pagehide", remember);
  document.addEventListener("visibilitychange", () => document.hidden && remember());
}
