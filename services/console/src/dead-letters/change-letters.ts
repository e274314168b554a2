import { streams, subjects, type DeadLetter } from '@omni2/contracts'
import type { z } from 'zod'
import { ConsoleRefused } from '../console-refused.ts'
import { makeChange, type MadeChange } from '../make-change.ts'
import { defineOperation, type RequestContext } from '../operation.ts'
import { changeOf } from '../schemas.ts'
import { listedLetterSchema, ofLetter } from './dead-letter-schemas.ts'
import { deleteLetter, describeLetter, findLetter } from './stored-letters.ts'

type Letter = z.infer<typeof listedLetterSchema>

export const replayDeadLetter = defineOperation({
  id: 'replayDeadLetter',
  method: 'POST',
  path: '/dead-letters/{seq}/replay',
  summary: 'Sends the message again to where it was, and takes the letter away.',
  params: ofLetter,
  answer: changeOf(listedLetterSchema),
  handle: ({ params: { seq } }, context) =>
    takeAway(seq, 'dead_letter.replay', context, (letter) => sendAgain(seq, letter, context)),
})

export const deleteDeadLetter = defineOperation({
  id: 'deleteDeadLetter',
  method: 'DELETE',
  path: '/dead-letters/{seq}',
  summary: 'Takes a letter away for good.',
  params: ofLetter,
  answer: changeOf(listedLetterSchema),
  handle: ({ params: { seq } }, context) => takeAway(seq, 'dead_letter.delete', context, async () => {}),
})

function takeAway(
  seq: number,
  action: string,
  context: RequestContext,
  use: (letter: DeadLetter) => Promise<void>,
): Promise<MadeChange<Letter>> {
  let isGone = false
  return makeChange<Letter>(
    {
      action,
      target: { type: 'dead_letter', id: String(seq) },
      read: async () => (isGone ? null : describeLetter(await findLetter(seq, context.letters))),
      write: async () => {
        await use((await findLetter(seq, context.letters)).letter)
        await deleteLetter(seq, context.letters)
        isGone = true
      },
      announce: () => [],
    },
    context,
  )
}

const replayable = [subjects.turns, streams.FLOW_EVENTS.subjects[0].replace('*', '')]

/**
 * Under an id of its own: under the first one the stream may still take it for a duplicate. Pressed twice it is stored
 * once, and were it not: a turn is claimed by its row, an event recorded by its key, so neither counts twice.
 */
async function sendAgain(
  seq: number,
  { subject, payload }: DeadLetter,
  { bus }: Pick<RequestContext, 'bus'>,
): Promise<void> {
  const [turns = '', flowEvents = ''] = replayable
  const isFlow = subject.startsWith(flowEvents) && /^[0-9a-f-]{36}$/.test(subject.slice(flowEvents.length))
  if (subject !== turns && !isFlow) throw new ConsoleRefused('not_replayable')
  await bus.publishDurably(subject, Buffer.from(payload, 'base64'), { id: `replay:${seq}` })
}
