import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { compileCacheOf } from './compile-services.ts'
import { openTestRun } from './open-test-run.ts'
import { temporaryFolderOf } from './run-folder.ts'
import { readSettings } from './test-settings.ts'

/** Starts what all test files of a run share and stops it at the end (vitest `globalSetup`). */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = (line: string) => console.error(`testkit: ${line}`)
  const opened = await openTestRun(readSettings(process.env), { log })
  const cleanUp = () => cleanUpLater(opened.run.folder)
  process.once('exit', cleanUp)
  project.provide('omni2TestRun', opened.run)
  process.env['TMPDIR'] = temporaryFolderOf(opened.run.folder)
  process.env['NODE_COMPILE_CACHE'] = compileCacheOf(opened.run.folder)
  return async () => {
    await opened[Symbol.asyncDispose]()
    process.off('exit', cleanUp)
  }
}

/** A signal ends Vitest at once and without teardown: another process cleans up. */
function cleanUpLater(folder: string) {
  const program = fileURLToPath(new URL('clean-up-run.ts', import.meta.url))
  spawn(process.execPath, [program, folder], { detached: true, stdio: 'ignore' }).unref()
}
