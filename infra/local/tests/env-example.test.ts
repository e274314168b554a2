import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseEnvFile } from '@omni2/cli/parse-env-file'
import { root } from './run-command.ts'

/** Variables of compose and of tests: no service reads them. */
const others = /^(OMNI2_(?!(?:ORIGINS|BALANCERS)$)\w+|TEST_\w+)$/

test('.env.example - uncommented - can be read and lists every variable of every service once', async () => {
  const example = await readFile(join(root, '.env.example'), 'utf8')
  const assignments = example.match(/^#[A-Z][A-Z0-9_]*=.*$/gm) ?? []
  const listed = Object.keys(
    parseEnvFile(assignments.map((line) => line.slice(1)).join('\n'), '.env.example'),
  )
  expect(assignments).toHaveLength(listed.length)
  expect(listed.filter((name) => !others.test(name)).toSorted()).toEqual(await readSchemaNames())
})

/** A service never shares code with this package, so its schema is read as text: one `NAME: schema` a line. */
async function readSchemaNames(): Promise<string[]> {
  const names = new Set<string>()
  const files = [
    'services/*/src/config.ts',
    'packages/service-kit/src/config.ts',
    'infra/local/src/**/*config.ts',
  ]
  for await (const file of glob(files, { cwd: root })) {
    const text = await readFile(join(root, file), 'utf8')
    for (const [, name] of text.matchAll(/^ +([A-Z][A-Z0-9_]+): (?!number|string)/gm)) names.add(name ?? '')
  }
  return [...names].toSorted()
}
