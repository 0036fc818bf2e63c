/** What takes milliseconds to make (a pattern of Unicode's properties, anything of Intl) is made where it is first used. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
