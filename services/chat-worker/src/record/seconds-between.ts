/**
 * Seconds from one time to another, both in epoch milliseconds. Never negative, because the times may be of two clocks.
 */
export const secondsBetween = (fromMs: number, toMs: number): number => Math.max(0, toMs - fromMs) / 1000
