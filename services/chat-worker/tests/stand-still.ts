/**
 * Loaded before a worker (`--import`): its event loop never comes back from writing a request to the model whose prompt
 * says so. Nothing that is known makes a worker stand still, so the tests bring their own fault.
 */
export const standStillText = 'Stand still.'

const write = JSON.stringify

JSON.stringify = (value: unknown, ...rest: unknown[]): string => {
  const text: string = Reflect.apply(write, JSON, [value, ...rest])
  const isRequest = typeof value === 'object' && value !== null && 'stream' in value && 'messages' in value
  if (isRequest && text.includes(standStillText)) for (;;);
  return text
}
