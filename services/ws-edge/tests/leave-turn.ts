import type { Chat } from './chat.ts'
import type { Attempt } from './scripted-worker.ts'
import type { TestEdge } from './start-edge.ts'

export interface LeftTurn {
  readonly attempt: Attempt
  readonly token: string
  readonly conversationId: string
}

/** A running turn of user 1, named `m1` by its client, who is gone after the frames 1 and 2. */
export async function leaveTurn(edge: TestEdge): Promise<LeftTurn> {
  using chat = await edge.connect({ assertion: { userId: 1 } })
  const { resume_token, conversation_id } = await chat.next('welcome')
  chat.say('hello', { client_msg_id: 'm1' })
  const attempt = await edge.worker.takeTurn()
  await chat.next('accepted')
  attempt.send('started')
  attempt.say('so far ')
  await chat.until('token')
  return { attempt, token: resume_token, conversationId: conversation_id }
}

/** Another connection of the same user. */
export async function comeBack(edge: Pick<TestEdge, 'connect'>): Promise<Chat> {
  const chat = await edge.connect({ assertion: { userId: 1 } })
  await chat.next('welcome')
  return chat
}

export const resume = (chat: Chat, token: string, fields: object): void =>
  chat.send({ type: 'resume', resume_token: token, ...fields })
