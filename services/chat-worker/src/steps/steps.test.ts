import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { stepNames } from '@omni2/contracts'

/** Steps of a tool call; they have files once this worker calls tools. */
const toolSteps = new Set<string>(['tool_call', 'tool_result'])

test('every step of the contract has its file, and every file is a step', () => {
  const files = readdirSync(new URL('.', import.meta.url))
    .filter((file) => !file.endsWith('.test.ts') && file !== 'step.ts')
    .map((file) => file.replace('.ts', '').replaceAll('-', '_'))
  const expected = stepNames.filter((step) => !toolSteps.has(step))
  expect(files.toSorted()).toEqual(expected.toSorted())
})
