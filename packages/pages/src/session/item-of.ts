import type { ApiAnswers } from './api-answers.ts'

/** One of what a list of the APIs answers, by the operation's id. */
export type ItemOf<Operation extends keyof ApiAnswers> = ApiAnswers[Operation] extends {
  items: (infer Item)[]
}
  ? Item
  : never
