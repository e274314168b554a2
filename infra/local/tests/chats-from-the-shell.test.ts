import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listShellBlocks, npmOfStack, readReadme } from './readme-commands.ts'
import { bareEnv, makeTestFolder, root } from './run-command.ts'
import { type Line, startStack } from './started-stack.ts'

const held = new AsyncDisposableStack()
let dataFolder = ''
let line: Line

beforeAll(async () => {
  const folder = held.use(await makeTestFolder())
  dataFolder = folder.path
  const stack = await startStack(dataFolder, ['--edges', '1', '--workers', '1', '--recorders', '1'])
  ;({ line } = held.use(stack))
}, 120_000)

afterAll(() => held.disposeAsync())

/** `npm run chat` with its stdin piped, as in a script. */
function startChat(args: readonly string[], env: Record<string, string> = {}) {
  const script = join(root, 'infra/local/bootstrap.mjs')
  const options = { cwd: root, env: { ...bareEnv, ...env } }
  return spawn(process.execPath, [script, 'chat', '--data', dataFolder, ...args], options)
}

async function chat(lines: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const child = startChat(args, env)
  child.stdin.end(lines)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr, code: child.exitCode }
}

const costLine = /^\d+ tokens in.* · \$0\.\d{8} · .* s.* · \S+$/m

test('each line is answered in one conversation: replies on stdout, what they took on stderr', async () => {
  const { stdout, stderr, code } = await chat('Hello\n\nAgain\n')
  const replies = stdout.trim().split('\n')
  expect(replies).toHaveLength(2)
  expect(replies[0]).toMatch(/^You said: "Hello"\./)
  expect(replies[1]).toMatch(/^You said: "Again"\. I have read 2 earlier messages/)
  expect(stderr.match(new RegExp(costLine, 'gm'))).toHaveLength(2)
  expect(code).toBe(0)
})

test('over SSE every message stands alone', async () => {
  const { stdout, stderr, code } = await chat('Hello\nAgain\n', ['--sse'])
  expect(stdout).toMatch(/^You said: "Hello"\..*\nYou said: "Again"\./)
  expect(stdout).not.toContain('earlier messages')
  expect(stderr).toMatch(costLine)
  expect(code).toBe(0)
})

test('a failed turn ends it with its code', async () => {
  const { stdout, stderr, code } = await chat('Hello [[sim error=400]]\nAgain\n')
  expect({ stdout, stderr, code }).toEqual({
    stdout: '',
    stderr: 'model_rejected: The model refused the request.\n',
    code: 1,
  })
})

test('what a model writes is shown and cannot act on the terminal', async () => {
  const { stdout } = await chat('\u001B]0;owned\u0007\u202Etxt.exe\n')
  expect(stdout).toContain(String.raw`\u{1b}]0;owned\u{7}\u{202e}txt.exe`)
  expect(stdout).not.toMatch(/(?!\n)\p{Cc}|\u202E/u)
})

test.each([
  [[], { OMNI2_PASSWORD: 'wrong' }, 1, 'developer could not log in at http'],
  [['--user', 'blocked'], {}, 1, 'Your account is blocked for this demo.'],
  [['--url', 'http://127.0.0.1:1'], { OMNI2_PASSWORD: 'any' }, 1, 'start it with: npm start'],
  [['--url', 'http://127.0.0.1:1'], {}, 2, 'OMNI2_PASSWORD: is needed for developer'],
  [['--password', 'any'], {}, 2, '--password: a command line can be read by others'],
  [['--nope'], {}, 2, "Unknown option '--nope'"],
] as const)('%j with %j ends with one line and exit code %i', async (args, env, code, words) => {
  const said = await chat('Hello\n', args, env)
  expect(said.stderr).toMatch(/^npm run chat: [^\n]*\n$/)
  expect(said.stderr).toContain(words)
  expect(said).toMatchObject({ stdout: '', code })
})

test('an interrupt cancels the turn, and says what it took', async () => {
  const child = startChat([])
  child.stdin.write('Long [[sim tokens=4000 pace=20]]\n')
  const said = text(child.stderr)
  await once(child.stdout, 'data')
  child.stdout.resume()
  child.kill('SIGINT')
  await once(child, 'close')
  expect(await said).toMatch(/^cancelled · \d+ tokens in/)
  expect(child.exitCode).toBe(130)
})

test('every command that README has people try works, in its order', async () => {
  const blocks = listShellBlocks(await readReadme(), 'Try it')
  const password = line.users.find(({ username }) => username === 'developer')?.password ?? ''
  const pasted = blocks.join('\n').replaceAll('http://127.0.0.1:8080', line.url).replace('…', password)
  const env = {
    ...bareEnv,
    NODE: process.execPath,
    DATA: dataFolder,
  }
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', npmOfStack + pasted], { cwd: root, env })
  shell.stdin.end()
  const [stdout, stderr] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, 'close')])
  expect({ code: shell.exitCode, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(costLine) })
  expect(stdout.split('\n').slice(0, 4)).toEqual([
    expect.stringMatching(/^edges 2, workers 2, recorders \d/),
    expect.stringMatching(/^You said: "Hello!"/),
    expect.stringMatching(/^viewer is blocked/),
    expect.stringMatching(/^viewer is not blocked/),
  ])
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ type: 'done' })
})

test('README names scripts and files that exist', async () => {
  const readme = await readReadme()
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: object }
  const named = [...readme.matchAll(/\bnpm (?:-s )?(?:run )?([a-z]+)/g)].map(([, script]) => script)
  expect(new Set(named).size).toBeGreaterThan(7)
  expect(named.filter((script) => !Object.hasOwn(scripts, script ?? ''))).toEqual([])
  const linked = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path)
  expect(linked.length).toBeGreaterThan(10)
  expect(linked.filter((path) => !existsSync(join(root, path)))).toEqual([])
})
