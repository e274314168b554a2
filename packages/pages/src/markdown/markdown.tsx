import './markdown.css'
import { memo, useMemo, useRef } from 'react'
import { renderToken } from './render-tokens.tsx'
import { type Block, BlockSplitter } from './split-blocks.ts'

/** An answer as formatted text; while it grows only its last block is drawn again. */
export function Markdown({ text, isGrowing }: { readonly text: string; readonly isGrowing: boolean }) {
  const splitter = useRef<BlockSplitter>(null)
  splitter.current ??= new BlockSplitter()
  const blocks = useMemo(() => splitter.current?.split(text, { isGrowing }) ?? [], [text, isGrowing])
  return (
    <div className="markdown">
      {blocks.map((block) => (
        <BlockElement key={block.key} token={block.token} isOpen={block.isOpen} />
      ))}
    </div>
  )
}

const BlockElement = memo(({ token, isOpen }: Omit<Block, 'key'>) => renderToken(token, isOpen))
