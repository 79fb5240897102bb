// One lazily created value for each object, such as the chat of a room.

/** Returns a function that creates the value of an object at the first call, and returns the same value afterwards. */
export function perObject<Owner extends object, Value>(create: (owner: Owner) => Value): (owner: Owner) => Value {
  const values = new WeakMap<Owner, Value>();
  return (owner) => {
    let value = values.get(owner);
    if (value === undefined) {
      value = create(owner);
      values.set(owner, value);
    }
    return value;
  };
}
