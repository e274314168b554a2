import { isJSONRPCRequest, type StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

/** Code of the error that stands for an answer whose stream ended without one; outside of JSON-RPC's own range. */
export const streamEndedCode = -31_999

/**
 * Makes a request over HTTP end with its stream: the client of sessions that `initialize` would wait for its timeout when
 * the server breaks off. And makes every cancel a `notifications/cancelled`: sessionless servers (2026-07-28) see their
 * stream closed, which a proxy in between may hide from them.
 */
export function followStreams(transport: StreamableHTTPClientTransport): StreamableHTTPClientTransport {
  const send = transport.send.bind(transport)
  transport.send = async (message, options = {}) => {
    if (Array.isArray(message) || !isJSONRPCRequest(message)) return send(message, options)
    const { id, params } = message
    const end = () => {
      options.onRequestStreamEnd?.()
      const error = { code: streamEndedCode, message: 'the server broke off' }
      transport.onmessage?.({ jsonrpc: '2.0', id, error })
    }
    const cancel = () => {
      const cancelled = { requestId: id, ...(params?._meta && { _meta: params._meta }) }
      const notification = { jsonrpc: '2.0', method: 'notifications/cancelled', params: cancelled } as const
      send(notification).catch(() => {})
    }
    options.requestSignal?.addEventListener('abort', cancel, { once: true })
    return send(message, { ...options, onRequestStreamEnd: end })
  }
  return transport
}
