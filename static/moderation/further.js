// The rest of the queue comes by itself when little of this page is left.

import { $, $$, added } from "../base/device.js";
import { current, go, item, items, queue } from "./list.js";

const FEW = 15; // items; more than anybody decides while the next page comes
let coming = false;

const further = async () => {
  const link = $("a[data-next]");
  if (!link || coming || items().length > FEW) return;
  coming = true;
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = $$(".q > [data-item]", page).filter((one) => !item(one.dataset.item));
    for (const one of fresh) one.removeAttribute("aria-current");
    queue.append(...fresh);
    fresh.forEach(added);
    const next = $("a[data-next]", page);
    if (next) link.href = next.href;
    else link.remove();
    if (fresh.length) $("[data-empty]").hidden = true;
    if (!current()) go(fresh[0]);
  } catch { /* the link is still there to be followed */ }
  coming = false;
};

queue?.addEventListener("queue:left", further);
