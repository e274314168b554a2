/**
 * Loaded before a worker (`--import`). Its event loop stalls when it writes a request to the model with a prompt that
 * asks for it. No known input stalls a worker, so the tests add their own fault.
 */
export const standStillText = 'Stand still.'

const write = JSON.stringify

JSON.stringify = (value: unknown, ...rest: unknown[]): string => {
  const text: string = Reflect.apply(write, JSON, [value, ...rest])
  const isRequest = typeof value === 'object' && value !== null && 'stream' in value && 'messages' in value
  if (isRequest && text.includes(standStillText)) for (;;);
  return text
}
