/** Writes the file of digits that the page trains on. */
export function writeDigits(file: string): Promise<void>;
