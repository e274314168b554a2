import type { Token, Tokens } from 'marked'
import { createElement, Fragment, type ReactNode } from 'react'
import { CodeBlock } from './code-block.tsx'
import { Formula } from './formula.tsx'
import { GrowingText } from './growing-text.tsx'
import type { MathToken } from './read-markdown.ts'
import { readSafeLink } from './safe-link.ts'

/** Elements of tokens; whatever is no markdown of ours, raw HTML too, is shown as the text that it is. */
export function renderTokens(tokens: readonly Token[] | undefined, isOpen: boolean): ReactNode {
  return tokens?.map((token, index) => <Fragment key={index}>{renderToken(token, isOpen)}</Fragment>)
}

/** An answer's own headings stand below those of the page. */
const headingShift = 2

export function renderToken(token: Token, isOpen: boolean): ReactNode {
  const known = token as Tokens.Generic
  const inner = () => renderTokens(known.tokens, isOpen)
  switch (token.type) {
    case 'space':
    case 'def':
      return null
    case 'heading':
      return createElement(`h${Math.min(6, (token as Tokens.Heading).depth + headingShift)}`, {}, inner())
    case 'paragraph':
      return <p>{inner()}</p>
    case 'text':
    case 'escape':
      if (known.tokens) return inner()
      return <GrowingText text={unescapeText(known['text'] as string)} isOpen={isOpen} />
    case 'strong':
      return <strong>{inner()}</strong>
    case 'em':
      return <em>{inner()}</em>
    case 'del':
      return <del>{inner()}</del>
    case 'codespan':
      return <code>{unescapeText(known['text'] as string)}</code>
    case 'br':
      return <br />
    case 'hr':
      return <hr />
    case 'blockquote':
      return <blockquote>{inner()}</blockquote>
    case 'math':
      return <Formula tex={(token as MathToken).tex} isBlock={(token as MathToken).isBlock} />
    case 'code':
      return (
        <CodeBlock
          code={(token as Tokens.Code).text}
          language={(token as Tokens.Code).lang ?? ''}
          isOpen={isOpen}
        />
      )
    case 'list':
      return <List list={token as Tokens.List} isOpen={isOpen} />
    case 'table':
      return <Table table={token as Tokens.Table} isOpen={isOpen} />
    case 'link':
      return <SafeLink link={token as Tokens.Link}>{inner()}</SafeLink>
    case 'image':
      return <ImageLink image={token as Tokens.Image} />
    default:
      return token.raw
  }
}

/** marked keeps some entities of its source; React escapes by itself. */
const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}

const unescapeText = (text: string): string =>
  text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity)

function List({ list, isOpen }: { readonly list: Tokens.List; readonly isOpen: boolean }) {
  const items = list.items.map((item, index) => (
    <li key={index} className={item.task ? 'task' : undefined}>
      {item.task && (
        <input type="checkbox" checked={item.checked ?? false} disabled aria-label="Done" readOnly />
      )}
      {renderTokens(
        item.tokens.filter(({ type }) => type !== 'checkbox'),
        isOpen,
      )}
    </li>
  ))
  return list.ordered ? <ol start={list.start === '' ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>
}

function Table({ table, isOpen }: { readonly table: Tokens.Table; readonly isOpen: boolean }) {
  const cell = (kind: 'th' | 'td') => (each: Tokens.TableCell, index: number) =>
    createElement(
      kind,
      {
        key: index,
        className: each.align ? `to-${each.align}` : undefined,
        ...(kind === 'th' && { scope: 'col' }),
      },
      renderTokens(each.tokens, isOpen),
    )
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>{table.header.map(cell('th'))}</tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>{row.map(cell('td'))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Opens elsewhere and says nothing of this page; its target is shown on hover. */
function SafeLink({ link, children }: { readonly link: Tokens.Link; readonly children: ReactNode }) {
  const href = readSafeLink(link.href)
  if (href === undefined) return <>{children}</>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      {children}
    </a>
  )
}

/** A picture of another host would report to that host what is read here, so only its address is shown. */
function ImageLink({ image }: { readonly image: Tokens.Image }) {
  const href = readSafeLink(image.href)
  const name = `Picture: ${image.text === '' ? 'without a description' : image.text}`
  if (href === undefined) return <span className="soft">[{name}]</span>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      [{name}]
    </a>
  )
}
