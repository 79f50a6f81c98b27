// "Load more" brings the next page's comments here and moves focus to the first of them.

import { $, $$, added, isPlain, on } from "../base/device.js";

const load = async (address) => {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};

// The last one: above it may stand the reader's own comments that wait for a moderator.
const list = (page) => $$(".talk > .thread", page).at(-1);

const append = (page) => {
  const fresh = $$(":scope > .c", list(page))
    .filter(({ id }) => !document.getElementById(id)); // a page may have moved meanwhile
  list(document).append(...fresh);
  fresh.forEach(added);
  return fresh[0];
};

const lead = (link, next) => {
  if (!next) return link.remove();
  link.setAttribute("href", next.getAttribute("href"));
  link.replaceChildren(...next.childNodes);
};

on("click", "a[data-more]", async (event, link) => {
  if (!isPlain(event)) return;
  event.preventDefault();
  if (link.getAttribute("aria-busy") === "true") return;
  link.setAttribute("aria-busy", "true");
  try {
    const page = await load(link.href);
    const first = append(page);
    lead(link, $("a[data-more]", page));
    const place = first && ($("h3, h4", first) ?? $("article", first));
    if (place) {
      place.tabIndex = -1;
      place.focus();
    }
    link.removeAttribute("aria-busy");
  } catch {
    location.assign(link.href);
  }
});
