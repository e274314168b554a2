import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { exists } from '../process/exists.ts'
import type { Log } from '../running-server.ts'

const run = promisify(execFile)
const policyFile = '/usr/sbin/policy-rc.d'
const aptOptions = ['-y', '-o', 'DPkg::Lock::Timeout=180']
const noPrompts = { DEBIAN_FRONTEND: 'noninteractive', PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }

/** Whether this is Debian or a distribution based on it. */
export async function isDebian(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release)
}

/** Installs one Debian package, as root, without letting the package start or keep a daemon of its own. */
export async function installWithApt(name: string, { log }: { log: Log }): Promise<void> {
  log(`installing ${name}: apt-get update && apt-get install -y --no-install-recommends ${name}`)
  await run('apt-get', ['update', ...aptOptions], { env: noPrompts, maxBuffer: 64 * 1024 * 1024 })
  const wasThere = await exists(policyFile)
  // Package scripts ask this file before they start a daemon; 101 means "not allowed".
  if (!wasThere) await writeFile(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const args = ['install', ...aptOptions, '--no-install-recommends', name]
    await run('apt-get', args, { env: noPrompts, maxBuffer: 64 * 1024 * 1024 })
  } finally {
    if (!wasThere) await rm(policyFile, { force: true })
  }
  await switchOffUnit(name)
}

/** The package enables its daemon for the next boot; this disables it. */
async function switchOffUnit(name: string) {
  if (!(await exists('/run/systemd/system'))) return
  await run('systemctl', ['disable', '--now', `${name}.service`], { env: noPrompts }).catch(() => undefined)
}
