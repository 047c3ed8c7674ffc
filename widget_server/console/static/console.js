// Brings a page of the console to life. Without it every page still reads and every form still posts.
import { startBulk } from "./modules/bulk.js";
import { startComposer } from "./modules/composer.js";
import { startEarly } from "./modules/early.js";
import { startEditor } from "./modules/editor.js";
import { startKeys } from "./modules/keys.js";
import { startLive } from "./modules/live.js";
import { startCopy } from "./modules/copy.js";
import { startDoor } from "./modules/door.js";
import { startLook } from "./modules/look.js";
import { startRail } from "./modules/rail.js";
import { startTimes } from "./modules/times.js";
import { startToasts } from "./modules/toasts.js";

startTimes();
startLive();
startToasts();
startRail();
startComposer();
startEditor();
startBulk();
startKeys();
startDoor();
startLook();
startCopy();
startEarly();
