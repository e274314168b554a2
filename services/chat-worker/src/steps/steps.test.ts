import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { stepNames } from '@omni2/contracts'

test('every step of the contract has its file, and every file is a step', () => {
  const files = readdirSync(new URL('.', import.meta.url))
    .filter((file) => !file.endsWith('.test.ts') && file !== 'step.ts')
    .map((file) => file.replace('.ts', '').replaceAll('-', '_'))

  expect(files.toSorted()).toEqual(stepNames.toSorted())
})
