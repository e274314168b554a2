import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { followChild } from './follow-child.mjs'
import { findNode } from './run-in-workspace.mjs'

/**
 * Installs the packages of the lock file unless that was done already; pnpm's own words go to stderr.
 * Resolves to false, with the command that fixes it on stderr, when they cannot be installed.
 *
 * @param {string} root folder of the workspace
 * @returns {Promise<boolean>}
 */
export async function installWorkspace(root) {
  const stampFile = join(root, 'node_modules', '.omni2-installed')
  const stamp = makeStamp(root)
  if (existsSync(findNode(root)) && readStamp(stampFile) === stamp) return true
  const pnpm = readPackageManager(root)
  say(`installing the packages with ${pnpm} (once for each change of the lock file)`)
  const startedAt = performance.now()
  const code = await runInstall(root, ['-y', pnpm, 'install', '--frozen-lockfile'])
  if (code !== 0) return explainFailure(root, pnpm, code)
  writeFileSync(stampFile, stamp)
  say(`packages installed in ${Math.round((performance.now() - startedAt) / 1000)} s`)
  return true
}

/** Changes with the lock file, and with the machine: installed programs are made for one platform. */
function makeStamp(root) {
  const lock = readFileSync(join(root, 'pnpm-lock.yaml'))
  return `${process.platform}-${process.arch} ${createHash('sha256').update(lock).digest('hex')}\n`
}

function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function readPackageManager(root) {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
}

function runInstall(root, args) {
  // CI: pnpm must not ask questions. Its stdout goes to stderr (2), which leaves stdout to the command that follows.
  const env = { ...process.env, CI: 'true' }
  return followChild(spawn('npx', args, { cwd: root, env, stdio: ['ignore', 2, 2] }))
}

function explainFailure(root, pnpm, code) {
  const reason =
    code === 'ENOENT' ? 'npx, which comes with npm, is not on the PATH' : `pnpm ended with ${code}`
  say(`the packages could not be installed: ${reason}. Once the npm registry can be reached, run:`)
  say(`  cd '${root.replaceAll("'", String.raw`'\''`)}' && npx -y ${pnpm} install --frozen-lockfile`)
  return false
}

function say(line) {
  process.stderr.write(`${line}\n`)
}
