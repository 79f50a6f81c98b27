// Menus close on Escape, which returns focus to their button, and on a press elsewhere.

import { $, $$ } from "./device.js";

const OPEN = "details.menu[open]";

document.addEventListener("click", ({ target }) => {
  for (const menu of $$(OPEN)) menu.open = menu.contains(target);
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && $(OPEN);
  if (!menu) return;
  event.preventDefault(); // so that nothing else closes with it
  menu.open = false;
  $("summary", menu).focus();
});
