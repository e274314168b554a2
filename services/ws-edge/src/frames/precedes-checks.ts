import type { FrameHead } from '@omni2/contracts'

const typesBeforeChecks: ReadonlySet<string> = new Set(['accepted', 'restart', 'waiting'])

/**
 * Whether a frame says nothing yet about the checks of its turn, so that a refusal may follow. Snapshot 0 comes before
 * the first frame of its attempt.
 */
export const precedesChecks = ({ type, seq }: FrameHead): boolean =>
  typesBeforeChecks.has(type) || (type === 'snapshot' && seq === 0)
