import type { z } from 'zod'
import type { ChangeAction } from '../change-actions.ts'
import { ConsoleRefused } from '../console-refused.ts'
import { makeAct } from '../change/make-act.ts'
import type { MadeChange } from '../change/make-change.ts'
import { defineOperation, type RequestContext } from '../request/operation.ts'
import { changeOf } from '../schemas.ts'
import { isReplayable } from './try-dead-letter.ts'
import { listedLetterSchema, ofLetter } from './dead-letter-schemas.ts'
import { deleteLetter, describeLetter, findLetter, type StoredLetter } from './stored-dead-letters.ts'

type Letter = z.infer<typeof listedLetterSchema>

export const replayDeadLetter = defineOperation({
  id: 'replayDeadLetter',
  refuses: ['not_replayable'],
  method: 'POST',
  path: '/dead-letters/{seq}/replay',
  summary: 'Sends the message again to where it was, and takes the letter away.',
  params: ofLetter,
  answer: changeOf(listedLetterSchema),
  handle: async ({ params: { seq } }, context) => {
    const stored = await findLetter(seq, context.letters)
    if (!isReplayable(stored.letter)) throw new ConsoleRefused('not_replayable')
    return takeAway(stored, 'dead_letter.replay', context, async () => {
      await sendAgain(stored, context)
      await deleteLetter(seq, context.letters)
    })
  },
})

export const deleteDeadLetter = defineOperation({
  id: 'deleteDeadLetter',
  method: 'DELETE',
  path: '/dead-letters/{seq}',
  summary: 'Takes a letter away for good.',
  params: ofLetter,
  answer: changeOf(listedLetterSchema),
  handle: async ({ params: { seq } }, context) => {
    const stored = await findLetter(seq, context.letters)
    return takeAway(stored, 'dead_letter.delete', context, async () => {
      if (!(await deleteLetter(seq, context.letters))) throw new ConsoleRefused('not_found')
    })
  },
})

function takeAway(
  stored: StoredLetter,
  action: ChangeAction,
  context: RequestContext,
  take: () => Promise<void>,
): Promise<MadeChange<Letter>> {
  return makeAct<Letter>(
    {
      action,
      target: { type: 'dead_letter', id: String(stored.seq) },
      before: describeLetter(stored),
      act: async () => {
        await take()
        return null
      },
    },
    context,
  )
}

/**
 * Under an id of its own: under the first one the stream may still take it for a duplicate. Pressed twice it is stored
 * once, and were it not: a turn is claimed by its row, an event recorded by its key, so neither counts twice.
 */
async function sendAgain(
  { seq, letter: { subject, payload } }: StoredLetter,
  { bus }: Pick<RequestContext, 'bus'>,
): Promise<void> {
  await bus.publishDurably(subject, Buffer.from(payload, 'base64'), { id: `replay:${seq}` })
}
