import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function LedgerPage(): ReactNode {
  return <Page title="Ledger" />;
}
