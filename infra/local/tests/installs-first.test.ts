import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { finishCommand, makeTestFolder, root } from './run-command.ts'

test('bootstrap - the registry is out of reach - fails with the one command that fixes it', async () => {
  await using folder = await makeTestFolder()
  const clone = await makeClone(folder.path, 'exit 7')
  const { code, stdout, stderr } = await clone.run('start')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('the packages could not be installed: pnpm ended with 7.')
  expect(stderr).toContain(`cd '${folder.path}/' && npx -y pnpm@1.2.3 install --frozen-lockfile\n`)
})

test('bootstrap - a fresh clone - installs once for each change of the lock file, then runs the command', async () => {
  await using folder = await makeTestFolder()
  const install =
    'mkdir -p node_modules/node/bin && ln -sf "$NODE" node_modules/node/bin/node && echo "$@" >> installs'
  const clone = await makeClone(folder.path, install)
  const installs = async () => (await readFile(join(folder.path, 'installs'), 'utf8')).trimEnd().split('\n')

  const first = await clone.run('start', '--a', 'b c')
  expect({ code: first.code, stdout: first.stdout }).toEqual({ code: 3, stdout: '["start","--a","b c"]\n' })
  expect(await installs()).toEqual(['-y pnpm@1.2.3 install --frozen-lockfile'])

  expect((await clone.run('start')).stderr).toBe('')
  expect(await installs()).toHaveLength(1)

  await writeFile(join(folder.path, 'pnpm-lock.yaml'), 'lock: 2\n')
  expect((await clone.run('stop')).stderr).toContain('installing the packages with pnpm@1.2.3')
  expect(await installs()).toHaveLength(2)
})

/** A clone with our bootstrap, a main.ts that prints its arguments, and an npx that does what the shell text says. */
async function makeClone(path: string, npx: string) {
  const local = join(path, 'infra/local')
  await cp(join(root, 'infra/local/bootstrap'), join(local, 'bootstrap'), { recursive: true })
  await cp(join(root, 'infra/local/bootstrap.mjs'), join(local, 'bootstrap.mjs'))
  await write(
    join(local, 'src/main.ts'),
    'console.log(JSON.stringify(process.argv.slice(2)))\nprocess.exitCode = 3\n',
  )
  await write(join(path, 'package.json'), JSON.stringify({ type: 'module', packageManager: 'pnpm@1.2.3' }))
  await write(join(path, 'pnpm-lock.yaml'), 'lock: 1\n')
  await write(join(path, 'bin/npx'), `#!/bin/sh\n${npx}\n`)
  await chmod(join(path, 'bin/npx'), 0o755)
  const env = { PATH: `${join(path, 'bin')}:/usr/bin:/bin`, NODE: process.execPath }
  return { run: (...args: string[]) => finishCommand(args, { script: join(local, 'bootstrap.mjs'), env }) }
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}
