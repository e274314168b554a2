import type { Anthropic } from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { buildRequest, type EarlierTurn, type Prompt } from './build-request.ts'
import { canShorten, estimatePrompt, fitPrompt, shortenPrompt } from './fit-prompt.ts'
import { fitToWindow } from '../converse/fit-to-window.ts'

/** A prompt after these earlier turns and rounds of results. */
const prompt = (turns: readonly EarlierTurn[], rounds: readonly string[][]): Prompt => ({
  system: 'Be brief.',
  systemSource: 'config',
  tools: [],
  history: turns,
  turnsLeftOut: 0,
  text: 'Go on',
  rounds: rounds.flatMap((results, round) => [
    { role: 'assistant', content: results.map((_, index) => use(`${round}_${index}`)) },
    { role: 'user', content: results.map((content, index) => result(`${round}_${index}`, content)) },
  ]),
  resultTokens: [],
  mayUseTools: true,
})

const use = (id: string) => ({ type: 'tool_use', id, name: 'a__b', input: {} }) as const
const result = (tool_use_id: string, content: string) =>
  ({ type: 'tool_result', tool_use_id, content }) as const

const turn = (length: number): EarlierTurn => ({ user_text: 'Why?', answer: 'so '.repeat(length / 3) })
const long = 'word '.repeat(13_000)
const options = { model: 'm', maxTokens: 1, userId: 1 }

/** Lengths of the results as the model is shown them, round by round. */
const shownIn = (fitted: Prompt): number[][] =>
  buildRequest(fitted, options)
    .messages.map(({ content }) => (typeof content === 'string' ? [] : content.flatMap(lengthOf)))
    .filter((lengths) => lengths.length > 0)

const lengthOf = (block: Anthropic.ContentBlockParam): number[] =>
  block.type === 'tool_result' && typeof block.content === 'string' ? [block.content.length] : []

test('what fits stays as it is', () => {
  const given = prompt([turn(300)], [[long]])
  expect(fitPrompt(given, estimatePrompt(given))).toBe(given)
})

test('results of one round are shortened together, the small ones stay whole, and the history too', () => {
  const results = [...Array.from({ length: 15 }, () => long), 'short']
  const fitted = fitPrompt(prompt([turn(300)], [results]), 60_000)
  expect(estimatePrompt(fitted)).toBeLessThanOrEqual(60_000)
  expect(estimatePrompt(fitted)).toBeGreaterThan(58_000)
  const [lengths = []] = shownIn(fitted)
  expect(lengths.at(-1)).toBe('short'.length)
  expect(new Set(lengths.slice(0, -1)).size).toBe(1)
  expect(fitted.history).toHaveLength(1)
})

test('the oldest round is shortened first, and what is shortened stays so', () => {
  let fitted = prompt([], [[long, long]])
  const rounds = prompt(
    [],
    [
      [long, long],
      [long, long],
      [long, long],
    ],
  ).rounds
  for (const count of [4, 6]) {
    fitted = fitPrompt({ ...fitted, rounds: rounds.slice(0, count) }, 80_000)
    expect(estimatePrompt(fitted)).toBeLessThanOrEqual(80_000)
  }
  const [first = [], second = [], third = []] = shownIn(fitted)
  expect(first[0]).toBeLessThan(second[0] ?? 0)
  expect(second[0]).toBeLessThan(long.length)
  expect(third).toEqual([long.length, long.length])
  expect(shownIn(fitPrompt(fitted, 80_000))).toEqual([first, second, third])
})

test('earlier turns go where the results would have next to nothing', () => {
  const history = Array.from({ length: 4 }, () => turn(9000))
  const fitted = fitPrompt(prompt(history, [[long, long]]), 12_000)
  expect(fitted).toMatchObject({ history: history.slice(2), turnsLeftOut: 2 })
  expect(estimatePrompt(fitted)).toBeLessThanOrEqual(12_000)
})

test('a prompt that the model finds too long is halved, earlier turns first, until nothing can be shortened', () => {
  let given = prompt(
    Array.from({ length: 9 }, () => turn(9000)),
    [[long.slice(0, 15_000)], ['short']],
  )
  const sizes: number[] = []
  const turns: number[] = []
  while (canShorten(given)) {
    given = shortenPrompt(given)
    sizes.push(estimatePrompt(given))
    turns.push(given.history.length)
  }
  expect(sizes).toEqual(sizes.toSorted((one, other) => other - one))
  expect(new Set(sizes).size).toBe(sizes.length)
  expect(turns.slice(0, 2)).toEqual([2, 0])
  expect(shownIn(given)[1]).toEqual(['short'.length])
  expect(sizes.at(-1)).toBeLessThan(500)
})

const config = { MODEL: 'm', MODEL_CONTEXT_TOKENS: 20_000, MODEL_MAX_TOKENS: 1000 }

/** The model's API with a counter that says so many tokens, or fails; and how often it was asked. */
function openCounter(tokens: number | undefined) {
  let asked = 0
  const countTokens = async () => {
    asked += 1
    if (tokens === undefined) throw new Error('away')
    return { input_tokens: tokens }
  }
  const client = { messages: { countTokens } as unknown as Anthropic['messages'] }
  return { model: { client, signal: new AbortController().signal }, asked: () => asked }
}

test.each([
  ['far from the window', 'short', 1, 0],
  ['estimated too long, counted to fit', long, 19_000, 1],
])('%s - the prompt stays as it is', async (_name, content, counted, asked) => {
  const counter = openCounter(counted)
  const given = prompt([], [[content]])
  expect(await fitToWindow(given, { model: counter.model, config })).toBe(given)
  expect(counter.asked()).toBe(asked)
})

test.each([
  ['counted too long', 40_000],
  ['estimated too long, not counted', undefined],
])('%s - the prompt is cut to the window', async (_name, counted) => {
  const given = prompt([], [[long]])
  const fitted = await fitToWindow(given, { model: openCounter(counted).model, config })
  const perEstimate = (counted ?? estimatePrompt(given)) / estimatePrompt(given)
  expect(estimatePrompt(fitted) * perEstimate).toBeLessThanOrEqual(19_000)
  expect(estimatePrompt(fitted) * perEstimate).toBeGreaterThan(17_000)
})
