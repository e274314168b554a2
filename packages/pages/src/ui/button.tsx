import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components'

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  readonly kind?: 'primary' | 'danger' | 'quiet' | undefined
  readonly isSmall?: boolean
  /** Only an icon; then it needs an `aria-label`. */
  readonly isIcon?: boolean
}

export function Button({ kind, isSmall = false, isIcon = false, ...rest }: ButtonProps) {
  const names = ['button', kind, isSmall && 'small', isIcon && 'icon'].filter(Boolean)
  return <AriaButton {...rest} className={names.join(' ')} />
}
