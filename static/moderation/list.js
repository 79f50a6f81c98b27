// The items of the queue, and which of them is the current one.

import { $, $$, added } from "../base/device.js";

export const queue = $(".q");

/** The items that can still be decided. */
export const items = () => $$(":scope > [data-item]:not([aria-busy])", queue);
export const current = () => $(":scope > [aria-current]", queue);
export const item = (name) => $(`:scope > [data-item="${name}"]`, queue);

/** Make an item the current one; the keyboard goes along unless somebody is typing. */
export const go = (to) => {
  const from = current();
  if (!to || to === from) return;
  from?.removeAttribute("aria-current");
  to.setAttribute("aria-current", "true");
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
  queue.dispatchEvent(new CustomEvent("queue:current", { detail: to }));
};

/** Go on from an item that leaves: to the next one, or the one before it, or to none. */
export const goOn = (from) => {
  const others = items().filter((one) => one !== from);
  const after = others.find((one) => from.compareDocumentPosition(one) & 4); // it follows
  from.removeAttribute("aria-current");
  go(after ?? others.at(-1));
};

/** Tell the rest of the page that an item has left the list. */
export const leave = (gone) => {
  gone.remove();
  $("[data-empty]").hidden = Boolean(queue.children.length);
  queue.dispatchEvent(new CustomEvent("queue:left"));
};

/** Put an item as the server prints it where it stood, or before the current one. */
export const print = (html, place) => {
  const box = document.createElement("template");
  box.innerHTML = html; // printed by this site's own template, as the page was
  const fresh = $("li", box.content);
  const old = place ?? item(fresh.dataset.item);
  if (old) old.replaceWith(fresh);
  else queue.insertBefore(fresh, current());
  $("[data-empty]").hidden = true;
  added(fresh);
  return fresh;
};

/** Say in place of an item what became of it; it can be neither decided nor reached by keys. */
export const closeWith = (gone, sentence) => {
  const wasCurrent = gone === current();
  if (wasCurrent) goOn(gone);
  const line = Object.assign(document.createElement("li"), { className: "decided" });
  line.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  gone.replaceWith(line);
  queue.dispatchEvent(new CustomEvent("queue:left"));
};
