// The script of the moderators' queue, joined as discuss.js is; readers never load it.

import "./base/device.js";
import "./moderation/list.js";
import "./moderation/deciding.js";
import "./moderation/further.js";
import "./moderation/keys.js";
import "./moderation/claims.js";
import "./moderation/ticking.js";
