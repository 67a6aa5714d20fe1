import { checkSettings, show } from "../base/check.js";
import { ConfigError } from "../base/errors.js";
import type { ModelMetadata } from "../io/model-data.js";

/** A copy of the names of classes and features. Throws `ConfigError` for anything but lists of texts. */
export function checkMetadata(given: ModelMetadata): ModelMetadata {
  const { classNames, featureNames } = checkSettings("metadata", given, ["classNames", "featureNames"]);
  return { ...textsOf("classNames", classNames), ...textsOf("featureNames", featureNames) };
}

function textsOf(name: string, list: unknown): Record<string, readonly string[]> {
  if (list === undefined) return {};
  if (Array.isArray(list) && list.every((text) => typeof text === "string" && text !== ""))
    return { [name]: [...list] };
  throw new ConfigError(`metadata: ${name} must be a list of texts, got ${show(list)}`);
}
