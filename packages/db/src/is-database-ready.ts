import type { Database } from './open-database.ts'

/** True when a statement could write now; never throws, bounded by the pool's own timeouts. */
export const isDatabaseReady = ({ probe }: Pick<Database, 'probe'>): Promise<boolean> =>
  probe().then(
    () => true,
    () => false,
  )
