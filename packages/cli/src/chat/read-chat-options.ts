import { parseArgs } from 'node:util'
import type { Environment } from '@omni2/service-kit'
import { makeUsageError } from '../operator-error.ts'
import { chooseDataFolder, type Folders } from '../options/choose-data-folder.ts'
import { refuseSecretArguments, refusedOptions } from '../options/refuse-secret-arguments.ts'

export interface ChatOptions {
  /** Undefined: where `npm start` of the data folder is, else its default address. */
  readonly url: string | undefined
  readonly user: string
  readonly password: string | undefined
  readonly sse: boolean
  readonly conversation: string | undefined
  readonly dataFolder: string
}

export const chatUsage = `usage: npm run chat -- [options]

  --url URL           the deployment (default: npm start of this clone, else http://127.0.0.1:8080)
  --user NAME         who chats (default developer)
  --conversation ID   go on with an earlier conversation
  --sse               ask over server-sent events instead of a WebSocket; every message stands alone
  --data DIR          folder of npm start (default .omni2 in this clone)
  --help              this text

The password is asked for, or taken from OMNI2_PASSWORD; the demo users of npm start need none.

Ctrl-C cancels the running reply; again, or Ctrl-D, leaves. When stdin is no terminal every line of it is a message,
replies go to stdout, everything else to stderr, and the first error ends it with exit code 1.
`

/** Reads the arguments and the environment of `npm run chat`; throws a usage error of one line. */
export function readChatOptions(
  args: readonly string[],
  { folders, env }: { folders: Folders; env: Environment },
): ChatOptions | 'help' {
  const { help, data, url, user, password: typed, sse, conversation } = parseFlags(args)
  if (help) return 'help'
  refuseSecretArguments({ password: typed })
  const password = env['OMNI2_PASSWORD']
  if (sse && conversation !== undefined)
    throw makeUsageError('--conversation: messages over --sse belong to no conversation')
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw makeUsageError('--url: must be an http or https URL')
  return { url, user, password, sse, conversation, dataFolder: chooseDataFolder(data, folders) }
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        user: { type: 'string', default: 'developer' },
        ...refusedOptions,
        sse: { type: 'boolean', default: false },
        conversation: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    const sentence = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw makeUsageError(`${sentence} (npm run chat -- --help lists the options)`)
  }
}
