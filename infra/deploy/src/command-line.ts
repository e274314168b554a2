import { parseArgs } from 'node:util'

export const usage = `usage: npm run config -- check [--env-file FILE | --local | --compose] [--service NAME]
       npm run config -- list [--service NAME]

  check   prints everything that is wrong with the configuration of all services, before any is started
  list    prints every variable with its default

  --env-file FILE   variables beside those of the environment, which win (default .env, where there is one)
  --local           the environment that npm start would give each service, and the servers it is given, which are asked
  --compose         the environment that docker compose would give each service, secrets and omni2.env included
  --service NAME    only this one: auth, ws-edge, chat-worker, flow-recorder or console

Variables that are not known, in the environment, .env and omni2.env, are wrong too: most are misspelled.

Exit codes: 0 nothing wrong, 1 something wrong, 2 not understood.
`

export interface CommandLine {
  readonly command: 'check' | 'list' | 'help'
  readonly envFile: string | undefined
  readonly compose: boolean
  readonly local: boolean
  readonly service: string | undefined
}

/** Throws where the arguments are not understood. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'env-file': { type: 'string' },
      compose: { type: 'boolean', default: false },
      local: { type: 'boolean', default: false },
      service: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [word, ...rest] = positionals
  const { compose, local, service } = values
  const options = { envFile: values['env-file'], compose, local, service }
  if (values.help) return { command: 'help', ...options }
  if (rest.length > 0 || (word !== 'check' && word !== 'list'))
    throw new Error('say check or list; see --help')
  if (local && (compose || options.envFile !== undefined))
    throw new Error('--local goes with neither --compose nor --env-file: npm start reads .env')
  return { command: word, ...options }
}
