const foreign = 'Sent by a process of another release, or from outside: find the sender.'
const ours = 'Keep the letter and report it.'

/** Why a message can never be used, by who parks it, and what operators do; the `reason` of a letter begins with one. */
export const deadLetterCauses = {
  'chat-worker': {
    not_a_turn: foreign,
    attempts_exhausted: `Each attempt at the turn died; its user has an error. ${ours}`,
    failed: `The turn or its end can be neither stored nor sent. ${ours}`,
  },
  'flow-recorder': {
    not_json: foreign,
    not_a_flow_message: foreign,
    wrong_subject: foreign,
    refused_by_database: `Postgres can never store it. ${ours}`,
  },
} as const

type Parker = keyof typeof deadLetterCauses

export type DeadLetterCauseOf<By extends Parker> = keyof (typeof deadLetterCauses)[By] & string
export type DeadLetterCause = { [By in Parker]: DeadLetterCauseOf<By> }[Parker]

export const listDeadLetterCauses = <By extends Parker>(by: By): DeadLetterCauseOf<By>[] =>
  Object.keys(deadLetterCauses[by]) as DeadLetterCauseOf<By>[]
