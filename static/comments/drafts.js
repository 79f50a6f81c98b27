// Unsent words stay on this device until they are posted: through a closed tab, a lost line, a
// crash. The submission's key is kept with them: sent again after a lost answer, they post once.
// What somebody signed in writes is shown to nobody else; it waits for them after "Log out".

import { $$, each, on, store } from "../base/device.js";

const WORDS = "textarea[data-draft]";
const BESIDE = ["key", "passage", "quote", "prefix", "suffix"];

const viewer = document.body.dataset.viewer;
const mine = (key) => (viewer ? `${key}@${viewer}` : key);

const fields = (area) =>
  BESIDE.map((name) => [name, area.form.elements[name]]).filter(([, field]) => field);

const keep = (area) => {
  const draft = { body: area.value };
  for (const [name, field] of fields(area)) draft[name] = field.value;
  store.set(area.dataset.draft, null);
  store.set(mine(area.dataset.draft), area.value.trim() || draft.quote ? draft : null);
};

const joined = (one, other) => {
  if (one.includes(other)) return one;
  return other.includes(one) ? other : `${one}\n\n${other}`;
};

const move = (from, to) => {
  const draft = store.get(from);
  if (!draft || from === to) return;
  store.set(to, { ...draft, body: joined(store.get(to)?.body ?? "", draft.body) });
  store.set(from, null);
};

const restore = (area) => {
  move(area.dataset.draft, mine(area.dataset.draft)); // written on the way to the sign-in
  const draft = store.get(mine(area.dataset.draft));
  if (!draft || area.value) return; // what the server filled in wins
  area.value = draft.body;
  for (const [name, field] of fields(area)) {
    if (!draft[name] || (name === "key" && !field.value)) continue; // signed out, it stays empty
    field.value = draft[name];
  }
  area.dispatchEvent(new CustomEvent("discuss:restored", { bubbles: true }));
};

/** A page that came just now, with nothing in it but what was typed before this script ran. */
const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";

/** "Back" finds the words as the browser kept them; what was posted meanwhile must not stay. */
const forget = (area) => {
  if (area.value === area.defaultValue || store.get(mine(area.dataset.draft))) return;
  area.value = area.defaultValue;
  for (const [name, field] of fields(area)) if (name !== "key") field.value = "";
  area.dispatchEvent(new CustomEvent("discuss:restored", { bubbles: true }));
};

/** Where nothing can be remembered, nothing kept says nothing about what was posted. */
const remembers = () => {
  store.set("remembers", true);
  return store.get("remembers") === true;
};

for (const sign of $$("[data-posted]")) store.set(mine(sign.dataset.posted), null);
if (isNew) for (const area of $$(WORDS)) if (area.value !== area.defaultValue) keep(area);
each(WORDS, restore);
addEventListener("pageshow", ({ persisted }) => {
  if ((persisted || !isNew) && remembers()) $$(WORDS).forEach(forget);
});
on("input", WORDS, (event, area) => keep(area));
on("change", "form.composer select", (event, { form }) => $$(WORDS, form).forEach(keep));
// "Change" and "Log out" beside the words: to say them as somebody else, so they go along.
on("submit", "form.composer", ({ submitter }, form) => {
  if (!submitter?.hasAttribute("formaction")) return;
  for (const { dataset } of $$(WORDS, form)) move(mine(dataset.draft), dataset.draft);
});
