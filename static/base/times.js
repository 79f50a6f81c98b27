// Times under a day read "3 hours ago". Older ones keep the words that the server wrote.

import { $$, each, root, word } from "./device.js";

const TIMES = "time[data-relative]";
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SKEW = 5 * MINUTE; // further ahead than this, it is this device's clock that is wrong
const format = new Intl.RelativeTimeFormat(root.lang || undefined, { numeric: "always" });
const written = new WeakMap();

const relative = (seconds) => {
  if (seconds < MINUTE) return word("Now");
  if (seconds < HOUR) return format.format(-Math.floor(seconds / MINUTE), "minute");
  return format.format(-Math.floor(seconds / HOUR), "hour");
};

const show = (time) => {
  if (!written.has(time)) {
    written.set(time, time.textContent);
    time.title = new Date(time.dateTime).toLocaleString(root.lang || undefined);
  }
  const age = (Date.now() - Date.parse(time.dateTime)) / 1000;
  const text = age > -SKEW && age < DAY ? relative(age) : written.get(time);
  if (time.textContent !== text) time.textContent = text;
};

const refresh = () => document.hidden || $$(TIMES).forEach(show);

each(TIMES, show);
setInterval(refresh, MINUTE * 1000);
document.addEventListener("visibilitychange", refresh);
