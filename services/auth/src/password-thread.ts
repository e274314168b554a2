import { parentPort } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'

export interface PasswordQuestion {
  readonly id: number
  readonly password: string
  readonly hash: string
}

export interface PasswordAnswer {
  readonly id: number
  readonly matches: boolean
}

parentPort?.on('message', ({ id, password, hash }: PasswordQuestion) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage({ id, matches: compareSync(password, hash) } satisfies PasswordAnswer)
})
