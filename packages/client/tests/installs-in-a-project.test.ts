import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accepted, done, token } from './frames.ts'
import { openScriptedServer } from './scripted-server.ts'

const run = promisify(execFile)
const workspace = fileURLToPath(new URL('../../..', import.meta.url))
const tsc = join(workspace, 'node_modules/.bin/tsc')

let temporary = ''
let copy = ''
let project = ''

/** A copy of the package is packed, for packing changes files; then it is installed where nothing else is. */
beforeAll(async () => {
  temporary = await realpath(await mkdtemp(join(tmpdir(), 'omni2-client-')))
  copy = join(temporary, 'workspace/packages/client')
  await cp(join(workspace, 'packages/client'), copy, {
    recursive: true,
    filter: (path) => !/\/(node_modules|dist|tests)$/.test(path),
  })
  await cp(join(workspace, 'tsconfig.base.json'), join(temporary, 'workspace/tsconfig.base.json'))
  await symlink(join(workspace, 'node_modules'), join(temporary, 'workspace/node_modules'))
  await run('npm', ['pack', '--pack-destination', temporary], { cwd: copy })
  project = join(temporary, 'project')
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{"name":"project","private":true,"type":"module"}')
  const tarball = (await readdir(temporary)).find((name) => name.endsWith('.tgz')) ?? ''
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(temporary, tarball)], {
    cwd: project,
  })
})

afterAll(() => rm(temporary, { recursive: true, force: true }))

const installed = () => join(project, 'node_modules/@omni2/client')

test('the package has what a registry and a reader need, and nothing of the workspace', async () => {
  expect((await readdir(installed())).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json'])
  const manifest = JSON.parse(await readFile(join(installed(), 'package.json'), 'utf8'))
  expect(manifest).toMatchObject({
    name: '@omni2/client',
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    license: 'Apache-2.0',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  })
  for (const field of ['private', 'dependencies', 'devDependencies', 'publishConfig'])
    expect(manifest).not.toHaveProperty(field)
})

test('packing leaves the manifest of the workspace as it was, also after one that broke off', async () => {
  const manifest = () => readFile(join(copy, 'package.json'), 'utf8')
  const before = await readFile(join(workspace, 'packages/client/package.json'), 'utf8')
  expect(await manifest()).toBe(before)
  await run('npm', ['run', 'prepack'], { cwd: copy })
  expect(await manifest()).not.toBe(before)
  await run('npm', ['run', 'prepack'], { cwd: copy })
  await run('npm', ['run', 'postpack'], { cwd: copy })
  expect(await manifest()).toBe(before)
})

test('its files import each other and nothing else', async () => {
  const names = await readdir(join(installed(), 'dist'))
  expect(names).toContain('index.d.ts')
  for (const name of names) {
    const text = await readFile(join(installed(), 'dist', name), 'utf8')
    const modules = [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, path]) => path)
    for (const path of modules) expect(names).toContain(path?.replace(/^\.\//, ''))
    expect(text).not.toMatch(/\b(node:|zod\b|@omni2\/contracts)/)
  }
})

const program = `import { ask, ChatError, connect, logIn, type Chat, type Reply, type ReplyEvent } from '@omni2/client'

export async function talk(url: string): Promise<number> {
  const login = await logIn({ url, username: 'ada', password: 'secret' })
  const chat: Chat = await connect({ url, token: login.token, onEvent: ({ type }) => console.log(type) })
  const reply: Reply = chat.send('Hello', { signal: AbortSignal.timeout(1000) })
  for await (const event of reply.events()) show(event)
  const { tokens_output, tools_used } = await ask('Hello', { url, token: login.token }).result()
  // @ts-expect-error a result has no such field
  void (await reply.result()).no_such_field
  await chat.close()
  return tokens_output + tools_used.length + (chat.welcome.limits[0]?.used ?? 0)
}

function show(event: ReplyEvent): string {
  switch (event.type) {
    case 'token':
      return event.text
    case 'tool_call':
      return event.mcp + '.' + event.tool
    case 'error':
      return event.error instanceof ChatError ? event.error.code + (event.error.limitKind ?? '') : ''
    default:
      return event.type
  }
}
`

test.each([
  ['nodenext', []],
  ['bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ['ES2022', ['--lib', 'es2022,dom', '--target', 'es2022', '--exactOptionalPropertyTypes', 'false']],
])('a fresh TypeScript project takes its types: %s', async (_name, options) => {
  await rm(join(project, 'tsconfig.json'), { force: true })
  await run(tsc, ['--init'], { cwd: project })
  await writeFile(join(project, 'chat.ts'), program)
  const checked = run(tsc, ['-p', '.', '--noEmit', '--skipLibCheck', 'false', ...options], { cwd: project })
  expect(await checked.catch(({ stdout }: { stdout: string }) => stdout)).toMatchObject({ stdout: '' })
})

/** What the examples of the README leave to their reader. */
const given = `
declare const form: HTMLFormElement, input: HTMLInputElement, log: HTMLElement
declare const url: string, username: string, password: string
declare const logIn: typeof import('@omni2/client').logIn
declare const process: { env: Record<string, string | undefined>; stdout: { write(text: string): void } }
`

test('the examples of the README are right', async () => {
  const readme = await readFile(join(installed(), 'README.md'), 'utf8')
  const examples = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code)
  expect(examples).toHaveLength(3)
  const folder = join(project, 'examples')
  await mkdir(folder)
  await writeFile(join(folder, 'given.d.ts'), given)
  for (const [index, code] of examples.entries())
    await writeFile(join(folder, `example-${index}.ts`), `${code}\nexport {}\n`)
  const compilerOptions = { strict: true, target: 'es2022', module: 'nodenext', types: [], noEmit: true }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
  const checked = run(tsc, ['-p', folder])
  expect(await checked.catch(({ stdout }: { stdout: string }) => stdout)).toMatchObject({ stdout: '' })
})

test('Vite builds a page with it that needs nothing else', async () => {
  await writeFile(join(project, 'index.html'), '<script type="module" src="/page.js"></script>')
  const page =
    "import { ask, connect, logIn } from '@omni2/client'\nglobalThis.chat = { ask, connect, logIn }\n"
  await writeFile(join(project, 'page.js'), page)
  const built = await build({ root: project, configFile: false, logLevel: 'silent', build: { write: false } })
  const files = 'output' in built ? built.output : []
  const chunks = files.flatMap((file) => (file.type === 'chunk' ? [file] : []))
  expect(chunks.map(({ imports, dynamicImports }) => [...imports, ...dynamicImports])).toEqual([[]])
  expect(chunks[0]?.code).toContain('/ws/chat')
})

const chat = `import { connect } from '@omni2/client'
const WebSocket = globalThis.WebSocket ?? (await import('ws')).WebSocket
const chat = await connect({ url: process.argv[2], token: 'token-1', WebSocket })
for await (const piece of chat.send('Hello', { clientMsgId: 'm-1' })) process.stdout.write(piece)
await chat.close()
`

test.each(await findNodes())('Node $major chats with it', async ({ path }) => {
  await writeFile(join(project, 'chat.js'), chat)
  // Node 20 has no WebSocket of its own; this package has no dependency.
  const ws = await realpath(join(workspace, 'packages/client/node_modules/ws'))
  await cp(ws, join(project, 'node_modules/ws'), { recursive: true })
  await using server = await openScriptedServer()
  const running = run(path, ['chat.js', server.url], { cwd: project })
  const socket = (await server.nextSocket()).welcome()
  expect(socket.headers.authorization).toBe('Bearer token-1')
  expect(await socket.next()).toMatchObject({ type: 'message', text: 'Hello' })
  for (const frame of [accepted('m-1'), token([1, 1], 'Good '), done([1, 2], 'Good day')]) socket.send(frame)
  expect(await running).toEqual({ stdout: 'Good day', stderr: '' })
})

/** The Node that runs this, and the oldest one on this machine that the package is for. */
async function findNodes(): Promise<{ path: string; major: number }[]> {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'))
  const versions = await Promise.all(
    places.map((path) =>
      run(path, ['-p', 'process.versions.node']).then(
        ({ stdout }) => [{ path, major: Number.parseInt(stdout, 10) }],
        () => [],
      ),
    ),
  )
  const known = versions.flat().filter(({ major }) => major >= 20)
  const [oldest] = known.toSorted((one, other) => one.major - other.major)
  const own = { path: process.execPath, major: Number.parseInt(process.versions.node, 10) }
  return oldest && oldest.major < own.major ? [own, oldest] : [own]
}
