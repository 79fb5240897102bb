/** Formats a number with at least two digits. */
export function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
