interface ReadOptions {
  /** Longest silence, comments included, in milliseconds; after it the stream counts as broken. */
  readonly quietMs: number
}

/**
 * Reads the `data` of each event of a `text/event-stream` (WHATWG HTML §9.2.6). Ends with the stream; throws when it
 * breaks or falls silent.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  { quietMs }: ReadOptions,
): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  const lines = new LineSplitter()
  let data: string[] = []
  try {
    for (;;) {
      const { value, done } = await readInTime(reader, quietMs)
      if (done) return
      for (const line of lines.split(decoder.decode(value, { stream: true }))) {
        if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
        if (line !== '' || data.length === 0) continue
        yield data.join('\n')
        data = []
      }
    }
  } finally {
    // A reader who left early must not keep the connection open.
    reader.cancel().catch(() => {})
  }
}

/** Lines of a text that comes in pieces, whichever of the three line ends it has. */
class LineSplitter {
  #rest = ''

  split(piece: string): string[] {
    const text = this.#rest + piece
    // A CR at the end may be half of a CRLF.
    const isOpen = text.endsWith('\r')
    const lines = (isOpen ? text.slice(0, -1) : text).split(/\r\n|\n|\r/)
    this.#rest = (lines.pop() ?? '') + (isOpen ? '\r' : '')
    return lines
  }
}

async function readInTime(reader: ReadableStreamDefaultReader<Uint8Array>, quietMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the stream fell silent')), quietMs)
  })
  try {
    return await Promise.race([reader.read(), silence])
  } finally {
    clearTimeout(timer)
  }
}
