import { z } from 'zod'
import { changeAnswer, describeChange } from '../change-answer.ts'
import type { Command } from '../command.ts'
import { formatTable } from '../format-table.ts'
import { describeMore, makePageQuery } from '../pages.ts'

const deadLettersSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      seq: z.int(),
      parked_at: z.string(),
      subject: z.string(),
      deliveries: z.int(),
      payload_bytes: z.int(),
      reason: z.string(),
    }),
  ),
  next_cursor: z.string().nullable(),
})

const list: Command = {
  usage: 'list',
  summary: 'messages that no service could use, oldest first',
  options: { cursor: { type: 'string' } },
  flags: '  --cursor CURSOR     go on with a list\n',
  run: async (input, api) => {
    const query = makePageQuery(input, 50)
    const answer = await api.call('GET', `/dead-letters?${query.toString()}`, { answer: deadLettersSchema })
    const rows = answer.items.map((deadLetter) => [
      deadLetter.seq,
      deadLetter.parked_at,
      deadLetter.subject,
      deadLetter.deliveries,
      deadLetter.payload_bytes,
      deadLetter.reason,
    ])
    const heads = ['seq', 'parked', 'subject', 'deliveries', 'bytes', 'reason']
    return { answer, lines: [...formatTable([heads, ...rows]), ...describeMore(answer.next_cursor)] }
  },
}

const show: Command = {
  usage: 'show <seq>',
  summary: 'one dead letter with its payload',
  run: async ({ words: [seq = ''] }, api) => {
    const path = `/dead-letters/${encodeURIComponent(seq)}`
    const answer = await api.call('GET', path, { answer: z.record(z.string(), z.unknown()) })
    return { answer, lines: formatTable(Object.entries(answer)) }
  },
}

const outcomeTexts: Readonly<Record<string, string>> = {
  turn_runs: 'a worker would run the turn',
  turn_has_ended: 'the turn has ended; the message would be acknowledged, and nothing else',
  events_are_recorded: 'the recorder would write the events that it has not yet',
  unreadable: 'it would become a dead letter again',
  not_replayable: 'it is not from a place to which messages are sent again',
}

const trialSchema = z.looseObject({ outcome: z.string(), problem: z.string().nullable() })

const tryOut: Command = {
  usage: 'try <seq>',
  summary: 'say what `replay` would do, and do nothing',
  run: async ({ words: [seq = ''] }, api) => {
    const path = `/dead-letters/${encodeURIComponent(seq)}/replay`
    const answer = await api.call('GET', path, { answer: trialSchema })
    const { outcome, problem } = answer
    return { answer, lines: [outcomeTexts[outcome] ?? outcome, ...(problem === null ? [] : [problem])] }
  },
}

const replay: Command = {
  usage: 'replay <seq>',
  summary: 'send one again to its stream, and delete it here',
  run: async ({ words: [seq = ''] }, api) => {
    const path = `/dead-letters/${encodeURIComponent(seq)}/replay`
    const answer = await api.call('POST', path, { answer: changeAnswer })
    return { answer, lines: describeChange(`${seq} is sent again`, answer) }
  },
}

const drop: Command = {
  usage: 'drop <seq>',
  summary: 'delete one for good',
  run: async ({ words: [seq = ''] }, api) => {
    const path = `/dead-letters/${encodeURIComponent(seq)}`
    const answer = await api.call('DELETE', path, { answer: changeAnswer })
    return { answer, lines: describeChange(`${seq} is gone`, answer) }
  },
}

/** Commands of `npm run dlq`. */
export const deadLetterCommands: readonly Command[] = [list, show, tryOut, replay, drop]
