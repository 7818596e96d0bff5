import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function PromisesPage(): ReactNode {
  return <Page title="Promises" />;
}
