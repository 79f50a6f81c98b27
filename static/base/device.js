// What the other scripts stand on. All they do also works as a plain link, form or <details>.

export const root = document.documentElement;
export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

/** The words that readers see; the server writes them on <body data-t-…>, in their language. */
export const word = (name) => document.body.dataset[`t${name}`] ?? "";

/** One listener for all elements that match, those that come later included. */
export const on = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(event, found);
  });

/** A press that means "here", not "in a new tab". */
export const isPlain = (event) =>
  event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

/** Act on every element that matches, now and whenever a script adds some and says so. */
export const each = (selector, act) => {
  $$(selector).forEach(act);
  document.addEventListener("discuss:added", ({ target }) =>
    [target, ...$$(selector, target)].filter((found) => found.matches(selector)).forEach(act));
};
export const added = (element) =>
  element.dispatchEvent(new CustomEvent("discuss:added", { bubbles: true }));

/** This device's memory. Private windows and full disks refuse: then nothing is remembered. */
export const store = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch { /* see above */ }
  },
};

export const make = (tag, className, text = "") =>
  Object.assign(document.createElement(tag), { className, textContent: text });

/** Say something briefly, in the live region that every page carries; maybe with a way back. */
export const toast = (text, act) => {
  const box = make("div", "toast");
  box.append(make("span", "", text));
  let timer;
  const stay = () => clearTimeout(timer);
  const leave = () => {
    stay();
    timer = setTimeout(() => box.remove(), act ? 10_000 : 4000 + 60 * text.length);
  };
  if (act) {
    const button = Object.assign(make("button", "btn sm", act.name), { type: "button" });
    button.onclick = () => { box.remove(); act.run(); };
    box.append(button);
  }
  Object.assign(box, { onpointerenter: stay, onpointerleave: leave });
  box.addEventListener("focusin", stay);
  box.addEventListener("focusout", leave);
  $("[data-toasts]")?.replaceChildren(box);
  leave();
};

root.classList.add("js");
