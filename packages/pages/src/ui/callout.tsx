import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

const icons = { info: Info, warn: TriangleAlert, error: CircleAlert } as const

/** A message beside the content; an error is read out at once. */
export function Callout({
  kind,
  children,
}: {
  readonly kind: keyof typeof icons
  readonly children: ReactNode
}) {
  const Icon = icons[kind]
  return (
    <div className={`callout ${kind}`} role={kind === 'error' ? 'alert' : undefined}>
      <Icon size={17} aria-hidden />
      <div>{children}</div>
    </div>
  )
}
