/**
 * Seconds from one time to another, both in milliseconds. Never negative, because the times may be of the clocks of two
 * machines.
 */
export const secondsBetween = (fromMs: number, toMs: number): number => Math.max(0, toMs - fromMs) / 1000
