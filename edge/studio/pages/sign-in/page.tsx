import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function SignInPage(): ReactNode {
  return <Page title="Sign in" />;
}
