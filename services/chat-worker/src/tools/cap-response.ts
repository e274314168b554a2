import type { Response as ServerResponse } from 'undici'

/** A response was longer than it may be. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError'
}

/** The same response with a body that fails after more than `maxBytes`, before a reader buffers them. */
export function capResponse(response: ServerResponse, maxBytes: number): Response {
  const { body, status, statusText } = response
  let given = 0
  const capped = body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        given += chunk.byteLength
        if (given > maxBytes) throw new ResponseTooLargeError(`a response is longer than ${maxBytes} bytes`)
        controller.enqueue(chunk)
      },
    }),
  )
  return new Response(capped ?? null, { status, statusText, headers: [...response.headers] })
}
