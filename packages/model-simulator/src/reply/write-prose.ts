import type { Random } from './seed-random.ts'
import { splitPieces } from './split-pieces.ts'

/** Some go beyond ASCII, so that whoever cuts bytes wrongly on the way shows it. */
const sentences = [
  'A quiet river keeps its own time.',
  'Small steps, taken daily, cross mountains.',
  'The kettle sings ☕ before anybody asks.',
  'In the café, a naïve plan became a good one.',
  'Every map leaves something out, and that is its kindness.',
  '東京の朝は静かです。',
  'The ferry to Ærø leaves at dawn ⛴️, fog or no fog.',
  'What is measured with patience is seldom far off.',
  'An old bridge carries new letters 📬 both ways.',
  'Zażółć gęślą jaźń, said the typesetter, and smiled.',
  'Good tools disappear in the hand.',
  '春眠不觉晓，处处闻啼鸟。',
  'The astronaut 👩‍🚀 looked back and saw one blue point.',
  'Rain on the roof is a long, even sentence.',
  'A garden 🌱 does not grow in a hurry.',
  'Привет, said the radio, and the night grew smaller.',
  'A question well put is half of its answer.',
  'The señor at the gate counts swallows each spring.',
]

/** Coprime to the number of sentences, so that every sentence is used before one comes again. */
const strides = [5, 7, 11, 13]

/** Pieces of whole sentences: the opening, then more until there are at least `count` pieces. */
export function writeSentences(opening: string, count: number, random: Random): string[] {
  const pieces = splitPieces(opening)
  const stride = strides[random.next(strides.length)] ?? 1
  let next = random.next(sentences.length)
  while (pieces.length < count) {
    pieces.push(...splitPieces(` ${sentences[next]}`))
    next = (next + stride) % sentences.length
  }
  return pieces
}

/** Exactly `count` pieces, the last one ended like a sentence. */
export function writePieces(opening: string, count: number, random: Random): string[] {
  const pieces = writeSentences(opening, count, random).slice(0, count)
  const last = pieces.pop()
  if (last === undefined) return pieces
  return [...pieces, /[.!?。"]$/.test(last) ? last : `${last.replace(/[,，:]$/, '')}.`]
}
