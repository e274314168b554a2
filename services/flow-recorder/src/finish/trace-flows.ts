import { readTraceparent, type JsMsg } from '@omni2/bus'
import { consumers } from '@omni2/contracts'
import { addSpan, messagingAttributes, semanticAttributes } from '@omni2/telemetry'
import type { ReadableMessage } from '../decode/decode-message.ts'

const { stream, durable_name } = consumers['flow-recorder']

/** Adds to the trace of each turn in a batch when its messages were recorded, below the span that sent the first one. */
export function traceFlows(written: readonly ReadableMessage[], { begunAt }: { begunAt: number }): void {
  for (const [turnId, { first, count }] of groupBySession(written)) {
    const parent = readTraceparent(first)
    if (parent === undefined) continue
    const attributes = {
      ...messagingAttributes({ name: 'process', type: 'process' }, stream),
      [semanticAttributes.messagingConsumerGroup]: durable_name,
      [semanticAttributes.messagingBatchMessages]: count,
      [semanticAttributes.turn]: turnId,
    }
    addSpan({ name: 'process flow.events', kind: 'consumer', parent, attributes }, { begunAt })
  }
}

function groupBySession(written: readonly ReadableMessage[]) {
  const groups = new Map<string, { first: JsMsg; count: number }>()
  for (const { message, content } of written) {
    const group = groups.get(content.session_id)
    if (group === undefined) groups.set(content.session_id, { first: message, count: 1 })
    else group.count += 1
  }
  return groups
}
