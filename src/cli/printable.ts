/** A text out of a file, or an error that quotes one, as a terminal may show it: it obeys some characters, which become `?`. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, "?");
}
