import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const program = fileURLToPath(new URL('../../pages/build/main.ts', import.meta.url))

/** Builds the pages before any test starts the product, which would build them itself, several at once. */
export async function buildPages(): Promise<void> {
  await promisify(execFile)(process.execPath, [program])
}
