// The excerpt that a comment answers, shown above the words about it until it is taken away.

import { $, on } from "../base/device.js";

const PARTS = ["quote", "prefix", "suffix"];
const box = $("#write [data-quote]");
const form = box?.closest("form");

const show = () => {
  $("q", box).textContent = form.elements.quote.value;
  box.hidden = !form.elements.quote.value;
};

const clear = () => {
  for (const name of PARTS) form.elements[name].value = "";
  show();
  $("textarea", form).dispatchEvent(new Event("input", { bubbles: true })); // into the draft
};

if (form) {
  show();
  form.addEventListener("discuss:restored", show);
  form.addEventListener("discuss:quoted", show);
  on("click", "[data-unquote]", () => { clear(); $("textarea", form).focus(); });
  on("change", "#write select[name=passage]", clear); // another passage than the excerpt's
}
