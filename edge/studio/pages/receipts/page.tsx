/** Receipts: looked up by the id of their request, or brought along as files; checked here, in the browser. */
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { Link } from '@fluentui/react-components';
import { Page, Section } from '../../frame/page.tsx';
import { KeyChoice } from '../../receipt/key-choice.tsx';
import { CheckFiles } from './check-files.tsx';
import { LookUp } from './look-up.tsx';
import { Meaning } from './meaning.tsx';

const intro = <>Every request has a signed receipt: what was done with it, by which model and engine, where, and that nothing was kept. Check one here; the signatures are checked by this browser, not by the server. In the <RouterLink href="/playground" asChild><Link inline>playground</Link></RouterLink> it happens by itself under every answer.</>;

export default function ReceiptsPage(): ReactNode {
  return (
    <Page title="Receipts" intro={intro}>
      <LookUp />
      <CheckFiles />
      <Section title="Key of the ledger"><KeyChoice /></Section>
      <Meaning />
    </Page>
  );
}
