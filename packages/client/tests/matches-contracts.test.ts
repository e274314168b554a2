import type * as contracts from '@omni2/contracts'
import { protocolVersion, serverFrameTypes } from '@omni2/contracts'
import { expect, test } from 'vitest'
import type { ClientFrame, MessageFrame } from '../src/client-frames.ts'
import type { Me } from '../src/kept-login.ts'
import { protocolVersion as clientVersion } from '../src/protocol-version.ts'
import type { ErrorCodeName } from '../src/error-code-name.ts'
import type {
  LimitKind,
  LimitState,
  ServerFrameOf,
  ServerFrameType,
  TurnResult,
} from '../src/server-frames.ts'

/** Fields by name; schemas of the contract let others pass. */
type Named<T> = { [K in keyof T as string extends K ? never : K]: T[K] }

/** `true` where each can stand for the other and neither has a field more; else a type that says what is missing. */
type Same<A, B> = [keyof A, keyof B] extends [keyof B, keyof A]
  ? [A, B] extends [B, A]
    ? true
    : { differ: [A, B] }
  : { onlyOneHas: Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A> }

type EachFrame = {
  [T in contracts.ServerFrameType]: T extends ServerFrameType
    ? Same<Named<contracts.ServerFrameOf<T>>, Named<ServerFrameOf<T>>>
    : { missing: T }
}

/** The compiler is the test: it refuses a type that is not of this package's copy and of the contract alike. */
const isSame: EachFrame & {
  result: Same<Named<contracts.TurnResult>, TurnResult>
  limit: Same<Named<contracts.LimitState>, LimitState>
  limitKind: Same<contracts.LimitKind, LimitKind>
  errorCode: Same<contracts.ErrorCodeName, ErrorCodeName>
  message: Same<Named<contracts.MessageFrame>, MessageFrame>
  me: Same<Named<contracts.Me>, Me>
  sent: ClientFrame extends contracts.ClientFrame ? true : { differ: ClientFrame }
} = {
  accepted: true,
  blocked: true,
  cancelled: true,
  done: true,
  error: true,
  finished: true,
  goodbye: true,
  pong: true,
  restart: true,
  resumed: true,
  snapshot: true,
  started: true,
  token: true,
  tool_call: true,
  tool_result: true,
  unrecoverable: true,
  waiting: true,
  warning: true,
  welcome: true,
  result: true,
  limit: true,
  limitKind: true,
  errorCode: true,
  message: true,
  me: true,
  sent: true,
}

test('each frame of the contract is compared', () => {
  expect(Object.keys(isSame)).toEqual(expect.arrayContaining([...serverFrameTypes]))
})

test('it speaks the version of the contract', () => {
  expect(clientVersion).toBe(protocolVersion)
})
