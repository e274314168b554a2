import { Button } from './button.tsx'

interface MoreProps {
  readonly list: { readonly hasMore: boolean; readonly isReadingMore: boolean; readonly readMore: () => void }
}

/** Reads the next page of a list, where there is one. */
export function MoreButton({ list: { hasMore, isReadingMore, readMore } }: MoreProps) {
  if (!hasMore) return null
  return (
    <Button isSmall onPress={readMore} isDisabled={isReadingMore}>
      {isReadingMore ? 'Loading…' : 'Show more'}
    </Button>
  )
}
