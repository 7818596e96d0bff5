import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function DeploymentPage(): ReactNode {
  return <Page title="Deployment" />;
}
