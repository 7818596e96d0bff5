import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function PlaygroundPage(): ReactNode {
  return <Page title="Playground" />;
}
