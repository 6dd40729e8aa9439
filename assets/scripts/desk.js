// Small conveniences. Every page works without them.
import "./character_count.js";
import "./confirm.js";
import "./copy.js";
import "./menus.js";
import "./plots.js";
import "./requests.js";
import "./scrolling.js";
