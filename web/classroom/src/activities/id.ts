/** A new id for a check-in or a question: from the server time and a random number. */
export function activityId(prefix: string, now: number): string {
  return `${prefix}${now.toString(36)}${Math.floor(Math.random() * 36 ** 4).toString(36)}`;
}
