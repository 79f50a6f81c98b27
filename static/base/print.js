// "Print" opens the browser's own dialog.

import { on } from "./device.js";

on("click", "[data-print]", () => print());
