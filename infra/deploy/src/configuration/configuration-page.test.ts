import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../repository-root.ts'
import { describeVariables } from './describe-variables.ts'
import { makeConfigurationPage } from './make-configuration-page.ts'
import { secretNames, sharedMeanings } from './shared-meanings.ts'

const variables = await describeVariables(repositoryRoot)

test('configuration page - docs/configuration.md - is made from the schemas', async () => {
  const committed = await readFile(join(repositoryRoot, 'docs/configuration.md'), 'utf8')
  // To correct it: npm run generate
  expect(committed).toBe(makeConfigurationPage(variables))
})

test('configuration page - every variable of every service - has a meaning', () => {
  const mute = variables.filter(({ meaning }) => meaning === undefined)
  // To correct it: a doc comment beside the schema, or a line in shared-meanings.ts.
  expect(mute.map(({ service, name }) => `${service}: ${name}`)).toEqual([])
})

test('configuration page - shared meanings and secrets - are of variables that exist', () => {
  const names = new Set(variables.map(({ name }) => name))
  expect([...Object.keys(sharedMeanings), ...secretNames].filter((name) => !names.has(name))).toEqual([])
})

test('configuration page - a default, a bound and a choice - stand in its row', () => {
  const page = makeConfigurationPage(variables)
  expect(page).toContain('| `HEALTH_PORT` | all | number, 0 to 65535 | `0` | Address and port of /livez')
  expect(page).toContain('| `NODE_ENV` | all | `development`, `production`, `test` | `development` |')
  expect(page).toContain('| `RESUME_TOKEN_SECRET` | ws-edge | *secret* | **required** | Signs resume tokens')
  expect(page).toContain('| `AUTH_JWKS_URL` | ws-edge, console | URL | ws-edge: –; console: **required** |')
})
