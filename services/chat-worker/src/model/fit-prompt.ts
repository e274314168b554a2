import { buildRequest, leaveOutTurns, type Prompt } from './build-request.ts'
import { estimateInput } from './estimate-usage.ts'
import { levelOff } from './level-off.ts'
import { emptyResults, leastResultTokens, measureResults } from './shorten-result.ts'

/** Tokens of each result that are more important than the older half of the history. */
const worthwhileTokens = 2000

/**
 * The prompt in `room` tokens by estimate, or as close as possible. Tool results are shortened, the oldest round first,
 * results of one round together. If too little of them would be left, earlier turns are left out first.
 */
export function fitPrompt(prompt: Prompt, room: number, worthwhile = worthwhileTokens): Prompt {
  const excess = estimatePrompt(prompt) - room
  if (excess <= 0) return prompt
  const sparable = sum(listResults(prompt).map((size) => Math.max(0, size - worthwhile)))
  if (prompt.history.length > 0 && excess > sparable)
    return fitPrompt(leaveOutTurns(prompt), room, worthwhile)
  return shortenRounds(prompt, excess)
}

/** A smaller prompt for a model that finds this one too long: earlier turns are halved before results are shortened. */
export const shortenPrompt = (prompt: Prompt): Prompt =>
  fitPrompt(prompt, Math.floor(estimatePrompt(prompt) / 2), Infinity)

export const canShorten = (prompt: Prompt): boolean =>
  prompt.history.length > 0 || listResults(prompt).some((size) => size > leastResultTokens)

export function estimatePrompt(prompt: Prompt): number {
  const rest = { ...prompt, rounds: prompt.rounds.map(emptyResults) }
  const request = buildRequest(rest, { model: '', maxTokens: 0, userId: 0 })
  return estimateInput(request) + sum(listResults(prompt))
}

/** Estimated sizes of the results in the prompt. */
const listResults = ({ rounds, resultTokens }: Prompt): number[] =>
  rounds.flatMap((round, index) => cutTo(measureResults(round), resultTokens[index]))

function shortenRounds(prompt: Prompt, excess: number): Prompt {
  let left = excess
  const resultTokens = prompt.rounds.map((round, index) => {
    const shown = cutTo(measureResults(round), prompt.resultTokens[index])
    const level = Math.max(leastResultTokens, levelOff(shown, sum(shown) - Math.max(0, left)))
    left -= sum(shown) - sum(cutTo(shown, level))
    return Math.min(level, prompt.resultTokens[index] ?? Infinity)
  })
  return { ...prompt, resultTokens }
}

const cutTo = (sizes: readonly number[], level = Infinity): number[] =>
  sizes.map((size) => Math.min(size, level))

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
