/** Keeps the rest of the studio standing when one page fails. What failed is not told further: an error can quote what a person typed. */
import { Component } from 'react';
import type { ReactNode } from 'react';
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';

export class PageBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } { return { failed: true }; }
  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <MessageBar intent="error" role="alert">
        <MessageBarBody><MessageBarTitle>This page stopped.</MessageBarTitle>It may be newer than the part that was loaded. Load it again; nothing that was acknowledged is lost.</MessageBarBody>
        <MessageBarActions><Button onClick={() => window.location.reload()}>Load again</Button></MessageBarActions>
      </MessageBar>
    );
  }
}
