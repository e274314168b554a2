import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { makeApiAnswers } from '../build/make-api-answers.ts'

test('the types of answers are in step with the documents of the APIs (else npm run generate)', async () => {
  const written = await readFile(new URL('../src/session/api-answers.ts', import.meta.url), 'utf8')
  expect(written).toBe(await makeApiAnswers())
})
