import { compileFunction } from 'node:vm'

/** As much of an element as the page of the examples uses. */
class Element extends EventTarget {
  value = ''
  textContent = ''
  hidden = false
  readonly children: Element[] = []

  append(child: Element): void {
    this.children.push(child)
  }
}

type PageRequest = Omit<RequestInit, 'headers'> & { headers: Record<string, string> }

/**
 * Runs the script of a page as a browser at `origin` does: requests and sockets carry the origin and the cookies that
 * the server set, which the script cannot read, and nothing else.
 */
export function openPage(html: string, { origin, query }: { origin: string; query: string }) {
  const script = /<script type="module">(.*)<\/script>/s.exec(html)?.[1]
  if (script === undefined) throw new Error('the page has no script')
  const ids = [...html.matchAll(/\sid="(.*?)"( hidden)?/g)].map(([, id = '', hidden]) => ({ id, hidden }))
  const elements = new Map(
    ids.map(({ id, hidden }) => [id, Object.assign(new Element(), { hidden: hidden !== undefined })]),
  )
  const cookies: string[] = []
  const sockets: WebSocket[] = []
  const headers = () => ({ origin, cookie: cookies.join('; ') })

  async function fetchAsPage(url: string, request: PageRequest): Promise<Response> {
    const response = await fetch(url, { ...request, headers: { ...request.headers, ...headers() } })
    const isReadable = response.headers.get('access-control-allow-origin') === origin
    if (!isReadable) throw new TypeError('a browser would not let this page read the answer')
    cookies.push(...response.headers.getSetCookie().map((cookie) => cookie.replace(/;.*/, '')))
    return response
  }

  class PageSocket extends WebSocket {
    constructor(url: string) {
      super(url, { headers: headers() })
      sockets.push(this)
    }
  }

  const find = (id: string): Element => {
    const element = elements.get(id)
    if (!element) throw new Error(`the page has no element ${id}`)
    return element
  }
  const document = { getElementById: find, createElement: () => new Element() }
  const location = { search: query }
  compileFunction(script, ['document', 'location', 'fetch', 'WebSocket'])(
    document,
    location,
    fetchAsPage,
    PageSocket,
  )
  return {
    find,
    /** What the log of the page shows. */
    lines: () => find('log').children.map(({ textContent }) => textContent),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.close()
    },
  }
}
