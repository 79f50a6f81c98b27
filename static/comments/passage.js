// Select words of the letter to comment on them. They are kept with what stands around them
// (W3C Web Annotation, TextQuoteSelector), so that they are found again after a correction.

import { $, make } from "../base/device.js";

const LONGEST = 280; // units, as many characters as the server takes
const AROUND = 32;
const SHORTEST = 3;
const letter = $(".sheet[data-passages]");
const form = $("#write [data-quote]")?.closest("form");
let pick;
let timer;
let isDragging = false;

// Cutting may leave one half of a character that takes two units.
const whole = (text) => text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, "");

const selector = (text, start, length) => {
  let [from, to] = [start, Math.min(start + length, text.length, start + LONGEST)];
  while (from < to && !text[from].trim()) from += 1;
  while (to > from && !text[to - 1].trim()) to -= 1;
  return {
    quote: whole(text.slice(from, to)),
    prefix: whole(text.slice(Math.max(0, from - AROUND), from)),
    suffix: whole(text.slice(to, to + AROUND)),
  };
};

const selected = () => {
  const range = getSelection().rangeCount && getSelection().getRangeAt(0);
  if (!range || range.collapsed || !letter.contains(range.startContainer)) return null;
  const start = range.startContainer;
  const words = (start.closest ? start : start.parentElement).closest(".para > p");
  if (!words) return null;
  const before = document.createRange();
  before.setStart(words, 0);
  before.setEnd(start, range.startOffset);
  const found = selector(words.textContent, before.toString().length, range.toString().length);
  return found.quote.length < SHORTEST ? null : { ...found, range, paragraph: words.parentElement };
};

const fill = ({ paragraph, quote, prefix, suffix }) => {
  const passage = paragraph.id.slice(1); // p7 → 7
  for (const [name, value] of Object.entries({ passage, quote, prefix, suffix })) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  form.dispatchEvent(new CustomEvent("discuss:quoted"));
  const words = $("textarea", form);
  words.dispatchEvent(new Event("input", { bubbles: true })); // into the draft
  words.focus();
};

const place = ({ range, paragraph }) => {
  const [box, home] = [range.getBoundingClientRect(), paragraph.getBoundingClientRect()];
  const half = pick.offsetWidth / 2 + 8;
  const middle = Math.min(Math.max(box.left + box.width / 2, half), innerWidth - half);
  pick.style.left = `${middle - home.left}px`;
  pick.style.top = `${box.bottom - home.top + 10}px`; // below: above is the phone's own menu
};

const offer = () => {
  pick?.remove();
  const found = isDragging ? null : selected();
  if (!found) return;
  pick = make("button", "btn sm pick", letter.dataset.passages);
  pick.type = "button";
  pick.onmousedown = (event) => event.preventDefault(); // or the selection goes
  pick.onclick = () => { pick.remove(); fill(found); };
  found.paragraph.append(pick); // so that Tab leads from the words to it
  place(found);
};

const soon = () => { clearTimeout(timer); timer = setTimeout(offer, 200); };

if (letter && form) {
  document.addEventListener("selectionchange", soon);
  letter.addEventListener("pointerdown", ({ pointerType }) => {
    isDragging = pointerType === "mouse"; // a finger selects by a long press, without dragging
  });
  addEventListener("pointerup", () => { isDragging = false; soon(); });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && pick?.remove());
}
