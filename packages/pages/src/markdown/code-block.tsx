import { Check, Copy } from 'lucide-react'
import { createElement, Fragment, type ReactNode, useEffect, useState } from 'react'
import { Button } from '../ui/button.tsx'

interface CodeProps {
  readonly code: string
  readonly language: string
  /** Whether code may still be added: then it is shown without colours. */
  readonly isOpen: boolean
}

/** Code with its language and a button that copies it; coloured once it is complete. */
export function CodeBlock({ code, language, isOpen }: CodeProps) {
  const name = /^[\w#+.-]*/.exec(language)?.[0] ?? ''
  const coloured = useHighlight(code, name, isOpen)
  return (
    <figure className="code">
      <figcaption>
        <span>{name === '' ? 'text' : name}</span>
        <CopyButton text={code} label="Copy code" />
      </figcaption>
      <pre tabIndex={0}>
        <code>{coloured ?? code}</code>
      </pre>
    </figure>
  )
}

/** Copies a text, and says so. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <Button kind="quiet" isSmall isIcon aria-label={isCopied ? 'Copied' : label} onPress={copy}>
      {isCopied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
    </Button>
  )
}

/** Longest code that is coloured, in characters. */
const mostColoured = 50_000

function useHighlight(code: string, language: string, isOpen: boolean): ReactNode {
  const [coloured, setColoured] = useState<{ readonly code: string; readonly content: ReactNode }>()
  useEffect(() => {
    if (isOpen || language === '' || code.length > mostColoured) return
    let isWanted = true
    const colour = async () => {
      const { highlight } = await import('./highlight.ts')
      const tree = highlight(code, language)
      if (isWanted && tree) setColoured({ code, content: renderNodes(tree) })
    }
    void colour()
    return () => {
      isWanted = false
    }
  }, [code, language, isOpen])
  return coloured?.code === code ? coloured.content : undefined
}

/** A node of coloured code, as lowlight gives it. */
interface CodeNode {
  readonly type: string
  readonly value?: string
  readonly properties?: { readonly className?: unknown }
  readonly children?: readonly CodeNode[]
}

const renderNodes = (nodes: readonly CodeNode[]): ReactNode =>
  nodes.map((node, index) => {
    if (node.type === 'text') return <Fragment key={index}>{node.value}</Fragment>
    const { className } = node.properties ?? {}
    const names = Array.isArray(className) ? className.join(' ') : undefined
    return createElement('span', { key: index, className: names }, renderNodes(node.children ?? []))
  })
