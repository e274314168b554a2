import { expect, test } from 'vitest'
import { repositoryRoot } from '../repository-root.ts'
import { findUnknownVariables } from './find-unknown-variables.ts'

const ask = (isProjectFile: boolean, ...names: string[]) =>
  findUnknownVariables(repositoryRoot, [{ place: '.env', names, isProjectFile }])

test('variables - known ones, their files, and those of other programs - are not named', async () => {
  const others = ['NODE_OPTIONS', 'HTTPS_PROXY', 'COMPOSE_PROJECT_NAME', 'TZ']
  expect(await ask(true, 'WORKER_TURNS', 'NATS_URL_FILE', 'EDGE_PORT', 'OMNI2_SECRETS', ...others)).toEqual(
    [],
  )
})

test.each([
  ['WORKER_TRUNS', 'WORKER_TURNS'],
  ['worker_turns', undefined],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['ANTROPIC_API_KEY', 'ANTHROPIC_API_KEY'],
  ['EDGE_MAX_CONNECTION', 'EDGE_MAX_CONNECTIONS'],
  ['SOMETHING_OF_MINE', undefined],
])('.env - %s - is named, and %s beside it', async (name, nearest) => {
  const question = nearest === undefined ? '' : `; did you mean ${nearest}?`
  expect(await ask(true, name)).toEqual([`${name} in .env is not known${question}`])
})

test('environment - only what begins as ours or is nearly ours - is named', async () => {
  const others = ['TERM', 'USER', 'SHELL', 'EDITOR', 'HOSTNAME', 'LOGNAME', 'AUTH_TOKEN', 'DATABASE_PASSWORD']
  expect(await ask(false, ...others)).toEqual([])
  expect(await ask(false, 'WORKER_THREADS', 'NATS_URI')).toEqual([
    'WORKER_THREADS in .env is not known',
    'NATS_URI in .env is not known; did you mean NATS_URL?',
  ])
})
