import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bundleProgram } from '@omni2/bundles'

const pagesProgram = fileURLToPath(new URL('../../pages/build/main.ts', import.meta.url))

/** Bundles the programs before any test starts one. */
export const buildPrograms = (): Promise<unknown> => run(bundleProgram)

/** Builds the pages before any test starts the product, which would build them itself, several at once. */
export const buildPages = (): Promise<unknown> => run(pagesProgram)

const run = (program: string) => promisify(execFile)(process.execPath, [program])
