import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { nameDataFolder } from '../data-folder/data-folder.ts'
import { readLiveState } from '../data-folder/run-state.ts'
import { makeUsageError } from '../operator-error.ts'
import type { ChatOptions } from './read-chat-options.ts'

export interface Credentials {
  readonly url: string
  readonly username: string
  readonly password: string
}

interface FindDeps {
  /** Asks the person; undefined where no person can be asked. */
  readonly askPassword: ((prompt: string) => Promise<string>) | undefined
}

/** Where `npm start` listens when nothing else is said. */
const defaultUrl = 'http://127.0.0.1:8080'

const secretsSchema = z.object({ demoPasswords: z.record(z.string(), z.string()) })

/** Where to log in and as which user: from the options, else from `npm start` of the data folder, else from the person. */
export async function findCredentials(options: ChatOptions, { askPassword }: FindDeps): Promise<Credentials> {
  const { stateFile, secretsFile } = nameDataFolder(options.dataFolder)
  const live = await readLiveState(stateFile)
  const url = new URL(options.url ?? live?.url ?? defaultUrl).href.replace(/\/$/, '')
  const username = options.user
  // A demo password goes only to the server that it was made for.
  const isOwnServer = live !== undefined && nameServer(live.url) === nameServer(url)
  const known = options.password || (isOwnServer ? await readDemoPassword(secretsFile, username) : undefined)
  if (known !== undefined) return { url, username, password: known }
  if (!askPassword) {
    const where = (live ?? options.url) ? '' : `no npm start runs with ${options.dataFolder}; `
    throw makeUsageError(
      `${where}OMNI2_PASSWORD: is needed for ${username} at ${url}, because there is no terminal to ask at`,
    )
  }
  return { url, username, password: await askPassword(`Password of ${username} at ${url}: `) }
}

/** The gateway of `npm start` listens on loopback, by either name. */
const nameServer = (url: string): string => new URL(url).host.replace(/^localhost(?=:|$)/, '127.0.0.1')

async function readDemoPassword(file: string, username: string): Promise<string | undefined> {
  try {
    const { demoPasswords } = secretsSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    return Object.hasOwn(demoPasswords, username) ? demoPasswords[username] : undefined
  } catch {
    // The folder may belong to another person, or have no passwords: then the person is asked.
    return undefined
  }
}
