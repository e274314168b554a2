import { askPaths, idSchema } from '@omni2/contracts'

/** What a request to the SSE bridge asks for; `wrong_method` names the one its path answers. */
export type AskRoute =
  | { readonly operation: 'ask' }
  | { readonly operation: 'resume'; readonly turnId: string }
  | { readonly operation: 'cancel'; readonly turnId: string }
  | { readonly operation: 'wrong_method'; readonly allow: string }

const cancelPrefix = '/ask/'

/** Finds the route of a request; undefined if there is none. It compares the path as it was sent, as its proof does. */
export function findAskRoute({ method, path }: { method: string; path: string }): AskRoute | undefined {
  if (askPaths.some((known) => path === known)) return answerOnly('POST', method, { operation: 'ask' })
  const resumed = askPaths.flatMap((known) => idBelow(`${known}/`, path))[0]
  if (resumed !== undefined) return answerOnly('GET', method, { operation: 'resume', turnId: resumed })
  const [cancelled] = idBelow(cancelPrefix, path)
  if (cancelled !== undefined) return answerOnly('DELETE', method, { operation: 'cancel', turnId: cancelled })
  return undefined
}

const answerOnly = (allow: string, method: string, route: AskRoute): AskRoute =>
  method === allow ? route : { operation: 'wrong_method', allow }

function idBelow(prefix: string, path: string): string[] {
  const id = path.startsWith(prefix) ? path.slice(prefix.length) : ''
  return idSchema.safeParse(id).success ? [id] : []
}
