import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function DeploymentsPage(): ReactNode {
  return <Page title="Deployments" />;
}
