import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function DeployAModelPage(): ReactNode {
  return <Page title="Deploy a model" />;
}
