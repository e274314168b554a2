import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../repository-root.ts'
import { findOddWords } from './plain-words.ts'

/** Files that contain these words for a reason. */
const exempt = new Set([
  // The list itself, and the rule that quotes it.
  'infra/deploy/src/documents/plain-words.ts',
  'infra/deploy/src/documents/plain-words.test.ts',
  'docs/style.md',
  // The account `nobody` of Unix.
  'packages/local-servers/README.md',
  'packages/local-servers/src/postgres/postgres-account.ts',
])

const files = globSync(['**/*.{ts,tsx,mjs,md,sh,yml,yaml,conf,html,py}', '.env.example'], {
  cwd: repositoryRoot,
  exclude: (name) => name === 'node_modules' || name === '.git' || name === 'dist',
}).filter((file) => !exempt.has(file) && file !== 'pnpm-lock.yaml')

test('code and documents are in plain words', () => {
  const found = files.flatMap((file) =>
    findOddWords(readFileSync(join(repositoryRoot, file), 'utf8')).map(
      ({ line, word, instead }) => `${file}:${line}: "${word}": write ${instead}`,
    ),
  )
  expect(found).toEqual([])
})

test('a word is found in a sentence, in a name and with a capital', () => {
  const text = 'The edge is told.\nconst tellGateway = 1\nNobody reads a teller.'
  expect(findOddWords(text).map(({ line, word }) => [line, word])).toEqual([
    [1, 'told'],
    [2, 'tell'],
    [3, 'Nobody'],
  ])
})
