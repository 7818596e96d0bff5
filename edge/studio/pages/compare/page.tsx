import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function CompareModelsPage(): ReactNode {
  return <Page title="Compare models" />;
}
