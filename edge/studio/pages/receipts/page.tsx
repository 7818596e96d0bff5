import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function ReceiptsPage(): ReactNode {
  return <Page title="Receipts" />;
}
