import { setTimeout as sleep } from 'node:timers/promises'
import type { TurnMessage } from '@omni2/contracts'
import type { Attempt } from '../attempt/attempt.ts'
import { callTools, nameToolUses, type CallToolsDeps } from './call-tools.ts'
import type { Config } from '../config.ts'
import { askModel, type Answered, type AskDeps } from './ask-model.ts'
import { addRound, askToGoOn, wasAskedToGoOn, type Prompt } from '../model/build-request.ts'
import { decideNext } from '../model/decide-next.ts'
import { canShorten, shortenPrompt } from '../model/fit-prompt.ts'
import { fitToWindow } from './fit-to-window.ts'
import { makeToolResults } from './make-tool-results.ts'
import { warnings } from '../model/warnings.ts'
import { emptyTranscript, type Transcript } from '../transcript/transcript.ts'
import { findRefusedTool, setToolAside, type SetAsideDeps } from './set-tool-aside.ts'
import { commitToTools, type CommitDeps } from './tool-intents.ts'
import type { OfferedTool } from '../tools/toolbox.ts'

interface TurnDeps {
  attempt: Attempt
  turn: TurnMessage
  config: Config
  /** Tools of all servers. If the model asks for one that it was not offered, it gets the reason. */
  knownTools: readonly OfferedTool[]
}

type Work = AskDeps & CallToolsDeps & CommitDeps & SetAsideDeps & TurnDeps

export type ConverseDeps = Omit<Work, 'signal' | 'reply' | 'model' | 'userId'>

/**
 * Runs the model and its tools, round by round, until the answer is complete, a limit is reached, or the attempt is
 * stopped. Each call of the model is recorded as `llm_thinking`, and its tools as `tool_call` and `tool_result` below
 * that.
 */
export async function converse(opening: Prompt, deps: ConverseDeps): Promise<Transcript> {
  const { attempt, turn, config } = deps
  const { signal, reply, modelDeps: model } = attempt
  const work: Work = { ...deps, signal, reply, model, userId: turn.identity.user_id }
  let prompt = opening
  let transcript = emptyTranscript(config.MODEL)
  let failures = 0
  let rounds = 0
  while (!signal.aborted) {
    attempt.noteWork()
    prompt = await fitToWindow(prompt, work)
    const asked = await askModel(prompt, transcript, work)
    if (asked.state === 'refused') return { ...transcript, refusal: asked.refusal }
    if (asked.state === 'superseded') {
      attempt.stop('superseded')
      return transcript
    }
    transcript = asked.transcript
    failures = transcript.failure ? failures + 1 : 0
    const refused = findRefusedTool(prompt, transcript, opening)
    const situation = {
      failures,
      tries: config.MODEL_TRIES,
      leftMs: attempt.leftMs,
      mayUseTools: prompt.mayUseTools,
      wasAskedToGoOn: wasAskedToGoOn(prompt),
      canShorten: transcript.failure?.code === 'context_too_long' && canShorten(prompt),
      canSetAside: refused !== undefined,
    }
    const next = decideNext(asked.reply, {
      ...situation,
      isCutShort: asked.isCutShort,
      jitter: Math.random(),
    })
    if (next.do === 'end')
      return { ...transcript, isWhole: !transcript.failure, warning: next.warning ?? transcript.warning }
    if (next.do === 'ask_again') await sleep(next.pauseMs, undefined, { signal }).catch(() => {})
    if (next.do === 'set_tool_aside' && refused) {
      prompt = setToolAside(prompt, refused, work)
      failures = 0
    }
    if (next.do === 'shorten_prompt') prompt = shortenPrompt(prompt)
    if (next.do === 'go_on') prompt = addRound(prompt, [{ role: 'assistant', content: asked.reply.content }])
    if (next.do === 'ask_to_go_on') prompt = askToGoOn(prompt, asked.reply.content)
    if (next.do === 'call_tools') ({ prompt, transcript } = await useTools(prompt, asked, work))
    if (['go_on', 'ask_to_go_on', 'call_tools'].includes(next.do)) rounds += 1
    if (rounds < config.MODEL_TOOL_ROUNDS) continue
    // The tools stay in the request for the prompt cache, but the model may not use them.
    prompt = { ...prompt, mayUseTools: false }
    transcript = { ...transcript, warning: warnings.rounds }
  }
  return transcript
}

/** Makes the tool calls of a reply, and gives the model their results. */
async function useTools(
  prompt: Prompt,
  { reply, transcript, thinking }: Answered,
  work: Work,
): Promise<{ prompt: Prompt; transcript: Transcript }> {
  const { turn, signal, knownTools } = work
  const caller = { identity: turn.identity, offered: knownTools }
  const uses = nameToolUses(reply.toolRequests, caller)
  const committed = await commitToTools(turn.session_id, uses, transcript, work)
  if (signal.aborted) return { prompt, transcript: committed }
  const called = await callTools(uses, thinking, caller, work)
  const round = [
    { role: 'assistant', content: reply.content },
    { role: 'user', content: makeToolResults(called) },
  ] as const
  return {
    prompt: addRound(prompt, round),
    transcript: { ...committed, tools: [...transcript.tools, ...called] },
  }
}
