import { Component, type ReactNode } from 'react'
import { Failure } from './parts/states.tsx'

interface Props {
  readonly children: ReactNode
}

/** What is left of a page of which a part threw. React knows such a thing as a class only. */
export class FaultBoundary extends Component<Props, { readonly fault: unknown }> {
  override state = { fault: undefined }

  static getDerivedStateFromError(fault: unknown): { readonly fault: unknown } {
    return { fault }
  }

  override render(): ReactNode {
    return this.state.fault === undefined ? this.props.children : <Failure error={this.state.fault} />
  }
}
