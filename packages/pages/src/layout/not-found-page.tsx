import { Link } from 'wouter'
import { useTitle } from '../ui/use-title.ts'

export function NotFoundPage() {
  useTitle('Not found')
  return (
    <main className="prose-page">
      <h1>There is nothing here</h1>
      <p>The address leads to no page. It may have been mistyped, or what it showed is gone.</p>
      <p>
        <Link href="/">Go to your chats</Link>
      </p>
    </main>
  )
}
