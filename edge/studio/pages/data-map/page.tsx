import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function DataMapPage(): ReactNode {
  return <Page title="Data map" />;
}
