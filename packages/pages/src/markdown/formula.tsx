import { useEffect, useRef, useState } from 'react'

interface FormulaProps {
  readonly tex: string
  /** On a line of its own. */
  readonly isBlock: boolean
}

type DrawFormula = (tex: string, into: HTMLElement, isBlock: boolean) => void

/** A formula as MathML, which screen readers know; as it was written until the library is there, or where it cannot be read. */
export function Formula({ tex, isBlock }: FormulaProps) {
  const element = useRef<HTMLSpanElement>(null)
  const draw = useDraw()
  useEffect(() => {
    if (element.current) draw?.(tex, element.current, isBlock)
  }, [draw, tex, isBlock])
  const className = isBlock ? 'formula block' : 'formula'
  return draw ? <span className={className} ref={element} /> : <code className={className}>{tex}</code>
}

/** The library that draws formulas, loaded with the first of them. */
function useDraw(): DrawFormula | undefined {
  const [draw, setDraw] = useState<{ readonly now: DrawFormula }>()
  useEffect(() => {
    let isWanted = true
    void import('./math.ts').then(
      ({ drawFormula }) => isWanted && setDraw({ now: drawFormula }),
      () => {},
    )
    return () => {
      isWanted = false
    }
  }, [])
  return draw?.now
}
