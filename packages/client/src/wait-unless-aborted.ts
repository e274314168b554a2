/** Resolves as the promise does; rejects with the signal's reason when that aborts first, or has. */
export async function waitUnlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave: (() => void) | undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave)
    if (signal.aborted) leave()
  })
  try {
    return await Promise.race([aborted, promise])
  } finally {
    if (leave) signal.removeEventListener('abort', leave)
  }
}
