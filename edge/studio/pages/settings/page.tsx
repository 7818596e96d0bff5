import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function SettingsPage(): ReactNode {
  return <Page title="Settings" />;
}
