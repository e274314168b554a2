import { expect, test } from 'vitest'
import type { EarlierTurn } from './build-request.ts'
import { estimatePrompt } from './fit-prompt.ts'
import { openPrompt } from './open-prompt.ts'

const config = {
  MODEL: 'm',
  MODEL_CONTEXT_TOKENS: 10_000,
  MODEL_MAX_TOKENS: 1000,
  MODEL_HISTORY_TOKENS: 100_000,
  MODEL_SYSTEM_PROMPT: 'Be brief.',
}

const open = (history: EarlierTurn[], change: Partial<typeof config> = {}) => {
  const context = { history, role_system_prompt: null, default_system_prompt: null }
  return openPrompt({ text: 'Go on' }, context, [], { ...config, ...change })
}

const turn = (answer: string): EarlierTurn => ({ user_text: 'Why?', answer })

test('the latest turns are given, as many as the window holds beside the rest', () => {
  const history = Array.from({ length: 20 }, (_, index) => turn(`${index} ${'三'.repeat(1000)}`))
  const prompt = open(history)
  expect(prompt.history).toEqual(history.slice(-5))
  expect(prompt.turnsLeftOut).toBe(15)
  expect(estimatePrompt(prompt)).toBeLessThanOrEqual(9000)
})

test('no more are given than history may fill', () => {
  const history = Array.from({ length: 5 }, () => turn('so '.repeat(300)))
  expect(open(history, { MODEL_HISTORY_TOKENS: 800 }).history).toHaveLength(2)
  expect(open(history, { MODEL_HISTORY_TOKENS: 0 }).history).toEqual([])
})

test('turns without text are left out, the turns around them are not', () => {
  const [first, last] = [turn('a'), turn('b')]
  expect(open([first, turn(' \u001f'), { user_text: '\u0085', answer: 'c' }, last]).history).toEqual([
    first,
    last,
  ])
})
