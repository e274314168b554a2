import {
  type DeadLetter,
  flowMessageSchema,
  flowSubjectOf,
  parseExactJson,
  streams,
  subjects,
  turnMessageSchema,
} from '@omni2/contracts'
import { loadTurnDetails } from '@omni2/db'
import { z } from 'zod'
import { defineOperation, type RequestContext } from '../request/operation.ts'
import { ofLetter } from './dead-letter-schemas.ts'
import { findLetter } from './stored-dead-letters.ts'

const trialSchema = z.object({
  outcome: z.enum([
    /** A worker would run the turn, or go on with it. */
    'turn_runs',
    /** The turn has ended: its message would be acknowledged, and nothing else. */
    'turn_has_ended',
    /** The recorder would write the events; those that it has already, it leaves. */
    'events_are_recorded',
    /** It would become a dead letter again. */
    'unreadable',
    /** It is not from a place to which messages are sent again. */
    'not_replayable',
  ]),
  /** What cannot be read; null where all can. */
  problem: z.string().nullable(),
})

type Trial = z.infer<typeof trialSchema>

export const tryDeadLetter = defineOperation({
  id: 'tryDeadLetter',
  method: 'GET',
  path: '/dead-letters/{seq}/replay',
  summary: 'What sending the message again would do, as things are now; it does nothing.',
  params: ofLetter,
  answer: trialSchema,
  handle: async ({ params: { seq } }, { letters, database }) => {
    const { letter } = await findLetter(seq, letters)
    return tryLetter(letter, { database })
  },
})

async function tryLetter(letter: DeadLetter, deps: Pick<RequestContext, 'database'>): Promise<Trial> {
  if (!isReplayable(letter)) return { outcome: 'not_replayable', problem: null }
  return letter.subject === subjects.turns ? tryTurn(letter, deps) : tryFlow(letter)
}

async function tryTurn(letter: DeadLetter, { database }: Pick<RequestContext, 'database'>): Promise<Trial> {
  const { data: turn, error } = turnMessageSchema.safeParse(readPayload(letter))
  if (error) return { outcome: 'unreadable', problem: z.prettifyError(error) }
  const known = await loadTurnDetails(turn.session_id, database)
  return { outcome: known?.ended_at ? 'turn_has_ended' : 'turn_runs', problem: null }
}

function tryFlow(letter: DeadLetter): Trial {
  const { data: message, error } = flowMessageSchema.safeParse(readPayload(letter))
  if (error) return { outcome: 'unreadable', problem: z.prettifyError(error) }
  const subject = flowSubjectOf(message)
  if (subject !== letter.subject) return { outcome: 'unreadable', problem: `It belongs to ${subject}.` }
  return { outcome: 'events_are_recorded', problem: null }
}

function readPayload({ payload }: DeadLetter): unknown {
  try {
    return parseExactJson(Buffer.from(payload, 'base64').toString('utf8'))
  } catch {
    return undefined
  }
}

const flowPrefixes = streams.FLOW_EVENTS.subjects.map((subject) => subject.replace('*', ''))

/** Whether a letter came from a place to which messages are sent again. */
export function isReplayable({ subject }: DeadLetter): boolean {
  const prefix = flowPrefixes.find((one) => subject.startsWith(one))
  const isFlow = prefix !== undefined && /^[0-9a-f-]{36}$/.test(subject.slice(prefix.length))
  return subject === subjects.turns || isFlow
}
