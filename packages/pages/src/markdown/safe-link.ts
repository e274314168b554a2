const protocols: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

/** The address of a link in an answer; undefined where it is no web or mail address, so that it runs nothing. */
export function readSafeLink(href: string): string | undefined {
  const url = URL.parse(href)
  return url && protocols.has(url.protocol) ? url.href : undefined
}
