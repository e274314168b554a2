/**
 * The level at which sizes are cut so that together they are at most `room`. Small ones stay whole; the others share
 * the rest equally. Infinite if all fit.
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
