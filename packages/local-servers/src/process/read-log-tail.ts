import { open } from 'node:fs/promises'

const tailBytes = 4096
const tailLines = 15

/** The last lines of a log file, or '' when there is none. */
export async function readLogTail(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined)
  if (handle === undefined) return ''
  await using log = handle
  const { size } = await log.stat()
  const start = Math.max(0, size - tailBytes)
  const { buffer, bytesRead } = await log.read(Buffer.alloc(tailBytes), 0, tailBytes, start)
  return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-tailLines).join('\n')
}
