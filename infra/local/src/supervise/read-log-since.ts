import { open } from 'node:fs/promises'

const mostBytes = 4096
const mostLines = 8

/** The last lines of a log after its first `start` bytes; none when it was rotated in between. */
export async function readLogSince(file: string, start: number): Promise<string[]> {
  await using log = await open(file)
  const { size } = await log.stat()
  const from = Math.max(start, size - mostBytes)
  if (from >= size) return []
  const { buffer, bytesRead } = await log.read(Buffer.alloc(size - from), 0, size - from, from)
  return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-mostLines)
}
