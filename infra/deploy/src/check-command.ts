import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { type LocalConfiguration, readLocalConfiguration } from '@omni2/local/local-configuration'
import type { Environment } from '@omni2/service-kit'
import type { CommandLine } from './command-line.ts'
import { readComposeFile } from './compose/compose-file.ts'
import { makeServiceEnvironment } from './compose/service-environment.ts'
import { checkConfiguration, type ServiceProblems } from './configuration/check-configuration.ts'
import { chooseServices } from './configuration/choose-services.ts'
import { findUnknownVariables, type VariableSource } from './configuration/find-unknown-variables.ts'

interface CommandDeps {
  readonly env: Environment
  /** The clone. */
  readonly root: string
}

/** `npm run config -- check`: what to print, and whether everything is good. Throws where a given file is missing. */
export async function checkCommand(
  asked: Pick<CommandLine, 'envFile' | 'compose' | 'local' | 'service'>,
  deps: CommandDeps,
): Promise<{ readonly text: string; readonly isGood: boolean }> {
  const checked = chooseServices(asked.service)
  const file = readEnvFile(asked.envFile, deps)
  const { problems, environmentOf } = await readSurroundings(asked, { ...file, ...deps.env }, deps)
  const unknown = await findUnknownVariables(deps.root, listSources(asked, file, deps))
  const found = [
    { service: 'variables', problems: unknown },
    { service: 'npm start', problems },
    ...checkConfiguration(checked, environmentOf),
  ].filter((one) => one.problems.length > 0)
  const good = checked
    .map(({ name }) => name)
    .filter((name) => found.every(({ service }) => service !== name))
  return {
    text: [...found.map(formatProblems), ...good.map((name) => `${name}: good\n`)].join(''),
    isGood: found.length === 0,
  }
}

/** The environment that the services will run in. */
async function readSurroundings(
  { local, compose }: Pick<CommandLine, 'compose' | 'local'>,
  env: Environment,
  { root, env: given }: CommandDeps,
): Promise<LocalConfiguration> {
  if (local) return readLocalConfiguration(root, given)
  if (!compose) return { problems: [], environmentOf: () => env }
  const file = await readComposeFile(root, env)
  return { problems: [], environmentOf: (name) => makeServiceEnvironment(name, file, root) }
}

function listSources(
  { envFile, compose }: Pick<CommandLine, 'envFile' | 'compose'>,
  file: Environment,
  { env, root }: CommandDeps,
): VariableSource[] {
  const settings = join(root, 'omni2.env')
  const ofCompose = compose && existsSync(settings) ? parseEnv(readFileSync(settings, 'utf8')) : {}
  return [
    { place: 'the environment', names: Object.keys(env), isProjectFile: false },
    { place: envFile ?? '.env', names: Object.keys(file), isProjectFile: true },
    { place: 'omni2.env', names: Object.keys(ofCompose), isProjectFile: true },
  ]
}

function readEnvFile(given: string | undefined, { env, root }: CommandDeps): Environment {
  // npm runs scripts in the clone; relative paths start at INIT_CWD, the person's folder.
  const file = given === undefined ? join(root, '.env') : resolve(env['INIT_CWD'] ?? '.', given)
  return given === undefined && !existsSync(file) ? {} : parseEnv(readFileSync(file, 'utf8'))
}

const formatProblems = ({ service, problems }: ServiceProblems): string =>
  `${service}:\n${problems.map((problem) => `  ${problem}\n`).join('')}`
