import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function ModelPage(): ReactNode {
  return <Page title="Model" />;
}
