import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '@omni2/service-kit'
import { OperatorError } from '../operator-error.ts'
import { parseEnvFile } from './parse-env-file.ts'

/** The environment, with what only the clone's `.env` sets added. Throws an error of one line on a bad file. */
export async function readEnvironment(root: string, env: Environment): Promise<Environment> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  return { ...parseEnvFile(await readEnvFile(join(root, '.env')), '.env'), ...given }
}

async function readEnvFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw new OperatorError(`.env cannot be read: ${String(error)}`, { cause: error })
  }
}
