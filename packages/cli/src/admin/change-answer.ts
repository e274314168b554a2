import { z } from 'zod'

/** Answer of every change. */
export const changeAnswer = z.looseObject({
  change_id: z.int(),
  before: z.unknown(),
  after: z.unknown(),
  announced: z.boolean(),
})

/** The lines about a change for a person. */
export function describeChange(
  done: string,
  { change_id, announced }: z.infer<typeof changeAnswer>,
): string[] {
  const late = announced ? [] : ['not every process could be notified; the change applies within a minute']
  return [`${done} (change ${change_id})`, ...late]
}
