import type { ReplyBlock } from './reply-block.ts'

/** Cuts a reply after `max` tokens; blocks that would be empty go, and `cut` says whether anything went. */
export function limitPieces(
  blocks: readonly ReplyBlock[],
  max: number,
): { blocks: readonly ReplyBlock[]; cut: boolean } {
  const kept: ReplyBlock[] = []
  let left = max
  for (const block of blocks) {
    if (left > 0) kept.push({ ...block, pieces: block.pieces.slice(0, left) })
    left -= block.pieces.length
  }
  return { blocks: kept, cut: left < 0 }
}

/** What is left of blocks after their first `count` pieces. */
export function dropPieces(blocks: readonly ReplyBlock[], count: number): readonly ReplyBlock[] {
  let left = count
  return blocks.flatMap((block) => {
    const pieces = block.pieces.slice(left)
    left = Math.max(0, left - block.pieces.length)
    return pieces.length > 0 ? [{ ...block, pieces }] : []
  })
}

/** Output tokens of blocks: all of them, or those of one type. */
export function countTokens(blocks: readonly ReplyBlock[], type?: ReplyBlock['type']): number {
  return blocks
    .filter((block) => type === undefined || block.type === type)
    .reduce((sum, block) => sum + block.pieces.length, 0)
}
