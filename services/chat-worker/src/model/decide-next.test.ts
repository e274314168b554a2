import { expect, test } from 'vitest'
import type { CalledReply } from './called-reply.ts'
import { decideNext, type Situation } from './decide-next.ts'
import { makeEmptyReply } from './stream-reply.ts'
import { warnings } from './warnings.ts'

const situation: Situation = {
  failures: 1,
  tries: 3,
  leftMs: 60_000,
  canShorten: true,
  canSetAside: false,
  mayUseTools: true,
  wasAskedToGoOn: false,
  isCutShort: false,
  jitter: 0.5,
}

const reply = (part: Partial<CalledReply>): CalledReply => ({
  ...makeEmptyReply('m'),
  failure: undefined,
  ...part,
})

const failed = (part: Partial<CalledReply['failure']> = {}, text = '') =>
  reply({
    text,
    failure: { code: 'model_overloaded', isRetryable: true, isOutage: true, detail: '', ...part },
  })

const calling = reply({ stopReason: 'tool_use', toolRequests: [{ callId: 'c', name: 't', input: {} }] })

test.each<[string, CalledReply, Partial<Situation>, object]>([
  ['the end', reply({ stopReason: 'end_turn' }), {}, { do: 'end' }],
  ['an unknown stop reason', reply({ stopReason: 'new' }), {}, { do: 'end' }],
  ['tools', calling, {}, { do: 'call_tools' }],
  ['tools where none may be used', calling, { mayUseTools: false }, { do: 'end' }],
  ...[null, 'end_turn', 'stop_sequence', 'pause_turn', 'new'].map(
    (stopReason): [string, CalledReply, object, object] => [
      `tools with stop reason ${stopReason}`,
      { ...calling, stopReason },
      {},
      { do: 'call_tools' },
    ],
  ),
  [
    'a call that was cut',
    { ...calling, stopReason: 'max_tokens' },
    {},
    { do: 'end', warning: warnings.max_tokens },
  ],
  [
    'a call that was declined',
    { ...calling, stopReason: 'refusal' },
    {},
    { do: 'end', warning: warnings.refusal },
  ],
  ['tools without a call', reply({ stopReason: 'tool_use' }), {}, { do: 'ask_to_go_on' }],
  ['tools without a call again', reply({ stopReason: 'tool_use' }), { wasAskedToGoOn: true }, { do: 'end' }],
  [
    'tools without a call where none may be used',
    reply({ stopReason: 'tool_use' }),
    { mayUseTools: false },
    { do: 'end' },
  ],
  ['a pause', reply({ stopReason: 'pause_turn' }), {}, { do: 'go_on' }],
  [
    'a pause too many',
    reply({ stopReason: 'pause_turn' }),
    { mayUseTools: false },
    { do: 'end', warning: warnings.rounds },
  ],
  ['max_tokens', reply({ stopReason: 'max_tokens' }), {}, { do: 'end', warning: warnings.max_tokens }],
  [
    'max_tokens of a budget',
    reply({ stopReason: 'max_tokens' }),
    { isCutShort: true },
    { do: 'end', warning: warnings.budget },
  ],
  ['a failure', failed(), {}, { do: 'ask_again', pauseMs: 250 }],
  ['a second failure', failed(), { failures: 2 }, { do: 'ask_again', pauseMs: 500 }],
  ['a tool that is refused', failed({ isRetryable: false }), { canSetAside: true }, { do: 'set_tool_aside' }],
  ['a tool that is refused after text', failed({}, 'Hello'), { canSetAside: true }, { do: 'end' }],
  ['the last failure', failed(), { failures: 3 }, { do: 'end' }],
  ['a failure after text', failed({}, 'Hello'), {}, { do: 'end' }],
  ['a failure that will not pass', failed({ isRetryable: false }), {}, { do: 'end' }],
  ['a provider that says when', failed({ retryAfterMs: 3000 }), {}, { do: 'ask_again', pauseMs: 3000 }],
  ['a provider that says much later', failed({ retryAfterMs: 9000 }), {}, { do: 'end' }],
  ['a pause beyond the deadline', failed({ retryAfterMs: 3000 }), { leftMs: 2000 }, { do: 'end' }],
  [
    'a prompt that is too long',
    failed({ code: 'context_too_long', isRetryable: false }),
    {},
    { do: 'shorten_prompt' },
  ],
  [
    'a prompt that is still too long',
    failed({ code: 'context_too_long', isRetryable: false }),
    { canShorten: false },
    { do: 'end' },
  ],
])('%s', (_name, given, change, expected) => {
  expect(decideNext(given, { ...situation, ...change })).toEqual(expected)
})
