import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function AuditsPage(): ReactNode {
  return <Page title="Audits" />;
}
