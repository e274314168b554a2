import { expect, test } from 'vitest'
import { refusesToCount } from './refuses-to-count.ts'

test.each([
  "READONLY You can't write against a read only replica. script: 0fd1, on @user_script:1.",
  "ERR Error running script (call to f_0fd1): @user_script:1: -READONLY You can't write against a read only replica.",
  'LOADING Redis is loading the dataset in memory',
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  "OOM command not allowed when used memory > 'maxmemory'.",
  'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.',
  'NOREPLICAS Not enough good replicas to write.',
  'BUSY Redis is busy running a script.',
  'NOAUTH Authentication required.',
  'CLUSTERDOWN The cluster is down',
])('%s', (message) => {
  expect(refusesToCount(new Error(message))).toBe(true)
})

test.each(['Command timed out', 'NOSCRIPT No matching script.', 'ERR unknown command'])(
  'not: %s',
  (message) => {
    expect(refusesToCount(new Error(message))).toBe(false)
  },
)
