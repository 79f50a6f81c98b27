// The colour scheme: as the system has it, light, dark, in turn.

import { $, $$, root, store } from "./device.js";

const NEXT = { system: "light", light: "dark", dark: "system" };
const toggle = $("[data-theme-toggle]");
const bars = $$("meta[name=theme-color]").map((meta) => [meta, meta.content]);

const show = (theme) => {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  if (toggle) toggle.textContent = toggle.dataset[theme];
  const ground = getComputedStyle(root).backgroundColor;
  for (const [meta, content] of bars) meta.content = theme === "system" ? content : ground;
};
const chosen = () => NEXT[store.get("theme")] ? store.get("theme") : "system";

show(chosen());
toggle?.addEventListener("click", () => {
  const theme = NEXT[chosen()];
  store.set("theme", theme === "system" ? null : theme);
  show(theme);
});
addEventListener("storage", ({ key }) => key === "theme" && show(chosen()));
