/** An event as server-sent events have it: named by its type. */
export function encodeEvent(event: { readonly type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
