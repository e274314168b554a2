import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openBus, type Bus } from '@omni2/bus'
import type { NatsUser } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import type { Ours } from './open-ours.ts'

/** Connects to the bus of a stack as one of its services does. */
export async function openBusAs(user: NatsUser, { stack }: Pick<Ours, 'stack'>): Promise<Bus> {
  const file = join(stack.dataFolder, 'secrets.json')
  const { natsPasswords }: { natsPasswords: Record<NatsUser, string> } = JSON.parse(
    await readFile(file, 'utf8'),
  )
  const url = new URL(stack.line.natsUrl)
  url.username = user
  url.password = natsPasswords[user]
  const log = openLogger({ name: 'bench', instance: 'bench', level: 'silent' })
  return openBus({ url: url.href, user, name: `bench ${user}`, log })
}
