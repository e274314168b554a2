import { access } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { installWithApt, isDebian } from '@omni2/local-servers'
import { type Browser, chromium } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const options = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Opens the Chromium of this machine; as root on Debian it is installed first, where there is none. Throws where neither
 * can be had. Loads nothing but what a test asks for.
 */
export async function openBrowser(): Promise<Browser> {
  const executablePath = (await findBrowser()) ?? (await installBrowser())
  return chromium.launch({ executablePath, args: options })
}

async function findBrowser(): Promise<string | undefined> {
  for (const place of places) {
    const isThere = await access(place).then(
      () => true,
      () => false,
    )
    if (isThere) return place
  }
  return undefined
}

async function installBrowser(): Promise<string> {
  if (process.getuid?.() !== 0 || !(await isDebian()))
    throw new Error('there is no Chromium here: install it (Debian: sudo apt-get install -y chromium)')
  for (;;) {
    const problem = await installWithApt('chromium', {
      log: (line) => console.error(`testkit: ${line}`),
    }).catch(String)
    const found = await findBrowser()
    if (found !== undefined && problem === undefined) return found
    // Two test files may want it at once, and apt-get lets in one.
    if (problem === undefined || !/lock/i.test(problem))
      throw new Error(`no Chromium could be installed: ${problem ?? 'it is not there'}`)
    await sleep(2000)
  }
}
