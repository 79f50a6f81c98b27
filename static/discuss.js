// The script of the site: these files, joined in this order at start. The first one's names are
// everybody's; each of the others is a block of its own.

import "./base/device.js";
import "./base/theme.js";
import "./base/menus.js";
import "./base/times.js";
import "./base/copy.js";
import "./base/print.js";
import "./comments/drafts.js";
import "./comments/composer.js";
import "./comments/reply.js";
import "./comments/votes.js";
import "./comments/quotation.js";
import "./comments/passage.js";
import "./comments/newer.js";
import "./comments/visits.js";
import "./comments/more.js";
