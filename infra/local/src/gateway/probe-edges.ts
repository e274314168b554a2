import type { Logger } from '@omni2/service-kit'

/** Pause between two rounds of questions, and the longest wait for an answer, in milliseconds. */
const pauseMs = 1000
const answerMs = 2000

interface ProbeDeps {
  readonly log: Logger
  readonly stopping: AbortSignal
}

/**
 * Asks every edge again and again for an answer, whatever its status: a frozen process has its connections accepted by
 * the kernel, so only silence shows that it does not serve. Returns the edges that are silent now.
 */
export function probeEdges(edges: readonly string[], { log, stopping }: ProbeDeps): ReadonlySet<string> {
  const silent = new Set<string>()
  const probe = async (url: string) => {
    const answers = await doesAnswer(url)
    if (answers === !silent.has(url)) return
    if (answers) silent.delete(url)
    else silent.add(url)
    log.warn(
      { edge: url },
      answers ? 'the edge answers again' : 'the edge does not answer: others come first',
    )
  }
  const probeAll = async () => {
    await Promise.all(edges.map(probe))
    for (const url of silent) if (!edges.includes(url)) silent.delete(url)
    if (!stopping.aborted) setTimeout(() => void probeAll(), pauseMs).unref()
  }
  void probeAll()
  return silent
}

async function doesAnswer(url: string): Promise<boolean> {
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(answerMs) })
    return true
  } catch {
    return false
  }
}
