import { texts } from "../../shared/language.js";
import { english } from "./text-en.js";
import { french } from "./text-fr.js";

export const t = texts({ en: english, fr: french });
