import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { Environment } from '@omni2/service-kit'
import type { CommandLine } from './command-line.ts'
import { readComposeFile } from './compose/compose-file.ts'
import { makeServiceEnvironment } from './compose/service-environment.ts'
import { checkConfiguration, type ServiceProblems } from './configuration/check-configuration.ts'
import { chooseServices } from './configuration/choose-services.ts'

interface CommandDeps {
  readonly env: Environment
  /** The clone. */
  readonly root: string
}

/** `npm run config -- check`: what to print, and whether everything is good. Throws where a given file is missing. */
export async function checkCommand(
  asked: Pick<CommandLine, 'envFile' | 'compose' | 'service'>,
  deps: CommandDeps,
): Promise<{ readonly text: string; readonly isGood: boolean }> {
  const checked = chooseServices(asked.service)
  const env = { ...readEnvFile(asked.envFile, deps), ...deps.env }
  const compose = asked.compose ? await readComposeFile(deps.root, env) : undefined
  const environmentOf = (name: string) =>
    compose === undefined ? env : makeServiceEnvironment(name, compose, deps.root)
  const found = checkConfiguration(checked, environmentOf)
  const good = checked
    .map(({ name }) => name)
    .filter((name) => found.every(({ service }) => service !== name))
  return {
    text: [...found.map(formatProblems), ...good.map((name) => `${name}: good\n`)].join(''),
    isGood: found.length === 0,
  }
}

function readEnvFile(given: string | undefined, { env, root }: CommandDeps): Environment {
  // npm runs scripts in the clone; INIT_CWD is where the person stands, whose relative paths they are.
  const file = given === undefined ? join(root, '.env') : resolve(env['INIT_CWD'] ?? '.', given)
  return given === undefined && !existsSync(file) ? {} : parseEnv(readFileSync(file, 'utf8'))
}

const formatProblems = ({ service, problems }: ServiceProblems): string =>
  `${service}:\n${problems.map((problem) => `  ${problem}\n`).join('')}`
