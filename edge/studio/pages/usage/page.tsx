import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function UsagePage(): ReactNode {
  return <Page title="Usage" />;
}
