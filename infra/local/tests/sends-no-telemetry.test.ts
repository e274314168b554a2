import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { root } from './run-command.ts'

const run = promisify(execFile)

test('npm run check - every run of turbo - finds its telemetry switched off', async () => {
  const { check = '' } = await readScripts()
  const runs = check.match(/\bturbo /g) ?? []
  expect(runs.length).toBeGreaterThan(0)
  await using tools = await makeTools(['tsc', 'turbo', 'oxlint', 'oxfmt', 'knip'])
  await run('/bin/sh', ['-c', check], { env: { PATH: `${tools.path}:/usr/bin:/bin` } })
  expect(await tools.read('turbo')).toEqual(runs.map(() => 'off=1 track=1'))
})

test('turbo - anywhere else - is not run', async () => {
  const { stdout } = await run('git', ['grep', '-lE', String.raw`\bturbo (run|boundaries|prune)\b`], {
    cwd: root,
  })
  const files = stdout.trim().split('\n')
  expect(files.filter((file) => !/\.(md|test\.ts)$/.test(file))).toEqual(['package.json'])
})

async function readScripts(): Promise<Record<string, string>> {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  )
  return scripts
}

/** Programs of these names that only write down what they were given. */
async function makeTools(names: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'omni2-tools-'))
  const path = join(folder, 'bin')
  await mkdir(path)
  for (const name of names) {
    const script = `#!/bin/sh\necho "off=$TURBO_TELEMETRY_DISABLED track=$DO_NOT_TRACK" >> '${folder}/${name}'\n`
    await writeFile(join(path, name), script)
    await chmod(join(path, name), 0o755)
  }
  const read = async (name: string) => (await readFile(join(folder, name), 'utf8')).trim().split('\n')
  return { path, read, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
