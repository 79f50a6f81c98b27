// "Copy link" copies; without a clipboard the link itself still leads there.

import { $, isPlain, on, toast, word } from "./device.js";

on("click", "a[data-copy]", async (event, link) => {
  if (!isPlain(event)) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(link.href);
    const menu = link.closest("details.menu");
    if (menu) {
      menu.open = false;
      $("summary", menu).focus();
    }
    toast(word("Copied"));
  } catch {
    location.assign(link.href);
  }
});
