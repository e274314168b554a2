/** Cost of a bcrypt hash, the logarithm of its rounds. */
export const costOf = (hash: string): number => Number(hash.slice(4, 6))

/**
 * Costs of further comparisons after one with a hash of cost `done`, so that all together take as long as one of cost
 * `whole`: 2^done + 2^done + 2^(done+1) + … + 2^(whole-1) = 2^whole rounds. None where the hash costs as much or more.
 */
export const listMissingCosts = (done: number, whole: number): number[] =>
  Array.from({ length: Math.max(0, whole - done) }, (_, step) => done + step)
