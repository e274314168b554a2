import { mkdtemp, rm, chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkRecord } from '../src/check/check-record.ts'
import { describeViolation } from '../src/describe-violation.ts'
import { runStorm } from '../src/run-storm.ts'

test('a short storm breaks no promise', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'omni2 storm-'))
  await chmod(folder, 0o711)
  const options = {
    seed: 5,
    lengthMs: 20_000,
    clients: 12,
    kinds: ['kill', 'freeze', 'stop', 'net'] as const,
    natsUrl: undefined,
    dataFolder: join(folder, 'data'),
    say: () => {},
  }
  const record = await runStorm(options)
  const stories = checkRecord(record).map((violation) => describeViolation(violation, record))
  expect(stories).toEqual([])
  expect(record.faults.length).toBeGreaterThan(2)
  expect(record.asked.filter(({ ended }) => ended).length).toBeGreaterThan(12)
  await rm(folder, { recursive: true, force: true })
}, 300_000)
