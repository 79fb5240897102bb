// The documents of the class: list, upload, show. For the teacher and assistants.

export function Documents() {
  return null;
}
