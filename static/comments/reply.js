// "Reply" opens a composer in its place, as the first entry of the comment's replies.

import { $, $$, added, isPlain, on } from "../base/device.js";

/** Give the copy of the template names of its own, so that labels find their fields. */
const rename = (form, number) => {
  for (const name of ["id", "for", "aria-describedby", "aria-labelledby"]) {
    for (const found of $$(`[${name}]`, form)) {
      found.setAttribute(name, `${found.getAttribute(name)}-${number}`);
    }
  }
};

const numberOf = (link) => link.closest(".c").id.slice(2); // c-17 → 17

const nameOf = (link) => $("h3, h4", link.closest("article")).textContent;

const composer = (template, link) => {
  const number = numberOf(link);
  const form = $("form", template.content.cloneNode(true));
  rename(form, number);
  form.elements.parent.value = number;
  form.setAttribute("aria-label", form.dataset.label.replace("%s", nameOf(link)));
  for (const found of $$("[data-to]", form)) found.textContent = nameOf(link);
  $("textarea", form).dataset.draft += number;
  return form;
};

const replies = (comment) => {
  const kids = $(":scope > .kids", comment);
  if (kids) kids.open = true;
  const list = $(":scope > .kids > .thread, :scope > .thread", comment);
  if (list) return list;
  const fresh = Object.assign(document.createElement("ol"), { className: "thread" });
  fresh.setAttribute("role", "list");
  comment.firstElementChild.after(fresh);
  return fresh;
};

const open = (template, link) => {
  const list = replies(link.closest(".c"));
  const number = numberOf(link);
  if (!$(`:scope > [data-answers="${number}"]`, list)) {
    const entry = Object.assign(document.createElement("li"), { className: "c" });
    entry.dataset.answers = number;
    entry.append(composer(template, link));
    list.prepend(entry);
    added(entry);
  }
  $("textarea", list).focus();
};

const close = (entry) => {
  const list = entry.parentElement;
  entry.remove();
  if (!list.children.length) list.remove();
  $(`#c-${entry.dataset.answers} a[data-reply]`)?.focus();
};

on("click", "a[data-reply]", (event, link) => {
  const template = $("template[data-reply-form]");
  if (!template || !isPlain(event)) return;
  event.preventDefault();
  open(template, link);
});
on("click", "[data-answers] a[data-cancel]", (event, link) => {
  event.preventDefault();
  close(link.closest("[data-answers]"));
});
on("keydown", "[data-answers]", (event, entry) => {
  if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented) close(entry);
});
