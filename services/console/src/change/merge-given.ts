/** What is stored with what a change says; a field that is not given stays. */
export function mergeGiven<T extends object>(
  stored: T,
  given: { readonly [Field in keyof T]?: T[Field] | undefined },
): T {
  const said = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...stored, ...Object.fromEntries(said) }
}
