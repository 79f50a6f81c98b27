// "Copy link" copies its own address, or its comment's; without a clipboard it leads there.

import { $, isPlain, on, toast, word } from "./device.js";

on("click", "[data-copy]", async (event, pressed) => {
  const link = pressed.href ? pressed : $(".c-head > a:has(time)", pressed.closest("article"));
  if (!isPlain(event)) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(link.href);
    const menu = pressed.closest("details.menu");
    if (menu) {
      menu.open = false;
      $("summary", menu).focus();
    }
    toast(word("Copied"));
  } catch {
    location.assign(link.href);
  }
});
