import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'

interface FailedProps {
  readonly children: ReactNode
}

/** Shows a page, or, where it fails while it is drawn, that it has failed and what to do. */
export class FailedPage extends Component<FailedProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children
    return (
      <main className="prose-page">
        <Callout kind="error">
          This page has failed. Nothing is lost: what runs at the server goes on.
        </Callout>
        <p>
          <Button kind="primary" onPress={() => location.reload()}>
            Load the page again
          </Button>
        </p>
      </main>
    )
  }
}
