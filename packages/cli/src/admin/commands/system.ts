import { z } from 'zod'
import type { Command } from '../command.ts'
import { formatTable } from '../format-table.ts'

const systemSchema = z.looseObject({
  processes: z.array(
    z.looseObject({
      service: z.string(),
      instance: z.string(),
      version: z.string(),
      is_ready: z.boolean(),
      started_at: z.string(),
      counts: z.record(z.string(), z.number()),
    }),
  ),
  queues: z.array(
    z.looseObject({
      name: z.string(),
      waiting: z.int().nullable(),
      in_hand: z.int().nullable(),
      oldest_waiting_at: z.string().nullable(),
    }),
  ),
  dead_letters: z.int(),
})

const system: Command = {
  usage: 'system',
  summary: 'the processes that answer right now, the queues, and the dead letters',
  run: async (_input, api) => {
    const answer = await api.call('GET', '/system', { answer: systemSchema })
    const processes = answer.processes.map(({ service, instance, version, is_ready, started_at, counts }) => [
      service,
      instance,
      version,
      is_ready ? 'ready' : 'not ready',
      started_at,
      describeCounts(counts),
    ])
    const queues = answer.queues.map(({ name, waiting, in_hand, oldest_waiting_at }) => [
      name,
      waiting,
      in_hand,
      oldest_waiting_at,
    ])
    return {
      answer,
      lines: [
        ...formatTable([['service', 'instance', 'version', 'state', 'started', 'has'], ...processes]),
        '',
        ...formatTable([['queue', 'waiting', 'in_hand', 'oldest_waiting'], ...queues]),
        '',
        `dead letters: ${answer.dead_letters}`,
      ],
    }
  },
}

const describeCounts = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name.replaceAll('_', ' ')} ${Math.round(count)}`)
    .join(', ')

/** Commands about the deployment. */
export const systemCommands: readonly Command[] = [system]
