import { execFile, spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage } from './open-page.ts'
import { makeTestFolder, root } from './run-command.ts'
import { type Line, startStack } from './started-stack.ts'

const pageOrigin = 'http://127.0.0.1:8000'
const held = new AsyncDisposableStack()
let line: Line

beforeAll(async () => {
  const folder = held.use(await makeTestFolder())
  const counts = ['--edges', '1', '--workers', '1', '--recorders', '1']
  ;({ line } = held.use(await startStack(folder.path, counts, { OMNI2_ORIGINS: pageOrigin })))
}, 120_000)

afterAll(() => held.disposeAsync())

const findPassword = (username: string): string =>
  line.users.find((user) => user.username === username)?.password ?? ''

const runFile = promisify(execFile)

/** Runs an example as its head says; rejects with what it printed when it fails. */
async function runExample(program: string, name: string, { as = 'developer', args = [] as string[] } = {}) {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, OMNI2_URL: line.url, OMNI2_PASSWORD: findPassword(as) }
  const { stdout } = await runFile(program, [join('examples', name), ...args], { cwd: root, env })
  return stdout
}

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0
const hasCurl = has('curl')
const hasPython = has('python3')

/** Not every machine has every language; the name of a test that does not run says so. */
const ifHere = (isHere: boolean): string => (isHere ? '' : ' (NOT RUN: this machine has none)')

test('every example is listed in examples/README.md and run here', async () => {
  const examples = globSync('[0-9]*', { cwd: join(root, 'examples') }).toSorted()
  const listed = (await readFile(join(root, 'examples/README.md'), 'utf8')).matchAll(/^\| \[(.*?)\]/gm)
  expect([...listed].map(([, name]) => name)).toEqual(examples)
  const tests = await readFile(import.meta.filename, 'utf8')
  expect(examples.filter((name) => !tests.includes(`'${name}'`))).toEqual([])
})

test.skipIf(!hasCurl)(
  `01-curl.sh - with curl resumes the stream that it left${ifHere(hasCurl)}`,
  async () => {
    const [before = '', after = ''] = (await runExample('sh', '01-curl.sh')).split('--- resumed after ')
    const [, turnId = 'none'] = /"session_id":"(.*?)"/.exec(before) ?? []
    expect(before).not.toContain('event: done')
    expect(after).toMatch(new RegExp(`^${turnId}:\\d+:\\d+\n`))
    expect(after).toMatch(/^event: done\nid: .*\ndata: .*You said: /m)
  },
)

test('02-websocket.ts - prints the reply and what it cost', async () => {
  const output = await runExample(process.execPath, '02-websocket.ts', { args: ['Good morning'] })
  expect(output).toMatch(/You said: "Good morning".*\n\d+ characters for \$0\.\d+\n$/)
})

test('03-client.ts - goes on with its conversation', async () => {
  const output = await runExample(process.execPath, '03-client.ts')
  expect(output).toContain('You said: "Hello!"')
  expect(output).toContain('I have read 2 earlier messages')
  expect(output.match(/\(\d+ tokens in, \d+ out, \$0\.\d+\)/g)).toHaveLength(2)
})

test.skipIf(!hasPython)(
  `04-python.py - with python3 prints the reply and its cost${ifHere(hasPython)}`,
  async () => {
    const output = await runExample('python3', '04-python.py', { args: ['Good morning'] })
    expect(output).toMatch(/You said: "Good morning".*\n\d+ tokens out, \$0\.\d{8}\n$/)
  },
)

test('05-page.html - logs in with the cookie alone and chats', async () => {
  const html = await readFile(join(root, 'examples', '05-page.html'), 'utf8')
  await using page = openPage(html, { origin: pageOrigin, query: `?server=${line.url}` })
  page.find('username').value = 'developer'
  page.find('password').value = 'wrong'
  page.find('login').dispatchEvent(new Event('submit'))
  await expect.poll(() => page.lines()).toHaveLength(1)
  expect(page.find('ask').hidden).toBe(true)

  page.find('password').value = findPassword('developer')
  page.find('login').dispatchEvent(new Event('submit'))
  await expect.poll(() => page.find('ask').hidden).toBe(false)
  page.find('text').value = 'Hello!'
  page.find('ask').dispatchEvent(new Event('submit'))
  await expect.poll(() => page.lines().at(-1)).toMatch(/^\$0\.\d+$/)
  expect(page.lines().slice(-3, -1)).toEqual(['> Hello!', expect.stringMatching(/^You said: "Hello!"\./)])
})

test('06-operator.ts - makes a user, limits it and reads its bill', async () => {
  const output = await runExample(process.execPath, '06-operator.ts', { as: 'admin', args: ['carol'] })
  expect(output).toMatch(/^carol is user \d+, change \d+\n/)
  expect(output).toContain('"max_cost":5,')
  expect(output).toMatch(/^bill since .*: 1 request, \$0\.\d+$/m)
})
