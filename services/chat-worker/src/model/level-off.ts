/**
 * The height at which sizes are cut so that they come to `room` at most together: the small ones stay whole, the others
 * share equally what those leave. Infinite where all fit.
 */
export function levelOff(sizes: readonly number[], room: number): number {
  let left = room
  for (const [index, size] of sizes.toSorted((one, other) => one - other).entries()) {
    const share = left / (sizes.length - index)
    if (size > share) return Math.max(0, Math.floor(share))
    left -= size
  }
  return Infinity
}
