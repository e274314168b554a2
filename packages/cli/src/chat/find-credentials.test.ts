import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readProcessStartTime } from '@omni2/local-servers'
import { findCredentials } from './find-credentials.ts'

let dataFolder = ''

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'omni2-chat-'))
  const supervisor = { pid: process.pid, startTime: await readProcessStartTime(process.pid) }
  const state = { supervisor, url: 'http://127.0.0.1:8099', ready: true }
  await writeFile(join(dataFolder, 'state.json'), JSON.stringify(state))
  await writeFile(join(dataFolder, 'secrets.json'), JSON.stringify({ demoPasswords: { developer: 'demo' } }))
})

afterAll(() => rm(dataFolder, { recursive: true }))

const options = {
  user: 'developer',
  url: undefined,
  password: undefined,
  sse: false,
  conversation: undefined,
}
const noPerson = { askPassword: undefined }
const person = { askPassword: async (prompt: string) => `typed after "${prompt}"` }

test('a demo user of the start that runs needs to say nothing', async () => {
  const found = { url: 'http://127.0.0.1:8099', username: 'developer', password: 'demo' }
  expect(await findCredentials({ ...options, dataFolder }, noPerson)).toEqual(found)
  const url = 'http://localhost:8099/'
  expect(await findCredentials({ ...options, dataFolder, url }, noPerson)).toMatchObject({ password: 'demo' })
})

test('a demo password goes to no other server and to no other user', async () => {
  const elsewhere = { ...options, dataFolder, url: 'https://chat.example.org' }
  expect(await findCredentials(elsewhere, person)).toEqual({
    url: 'https://chat.example.org',
    username: 'developer',
    password: 'typed after "Password of developer at https://chat.example.org: "',
  })
  const other = await findCredentials({ ...options, dataFolder, user: 'constructor' }, person)
  expect(other.password).toMatch(/^typed/)
})

test('a password that is given comes first', async () => {
  const found = await findCredentials({ ...options, dataFolder, password: 'given' }, person)
  expect(found.password).toBe('given')
})

test('where nothing runs and noPerson can be asked, the variable is named', async () => {
  const asking = findCredentials({ ...options, dataFolder: join(dataFolder, 'none') }, noPerson)
  await expect(asking).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('OMNI2_PASSWORD'),
  })
})
