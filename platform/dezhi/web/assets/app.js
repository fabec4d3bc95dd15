// What every page may use. Everything works without it; it only adds.
import { confirmInDialog } from "./modules/confirm.js";
import { offerPrinting } from "./modules/printing.js";
import { offerReading } from "./modules/readaloud.js";
import { offerScanning, readAddress } from "./modules/scan.js";
import { keepTicks } from "./modules/ticks.js";

offerPrinting();
offerReading();
offerScanning();
readAddress();
confirmInDialog();
keepTicks();
