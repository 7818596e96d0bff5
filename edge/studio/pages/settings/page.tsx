/** Who may do what here, by which credentials, and whether the installation is well. */
import type { ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Tab, TabList } from '@fluentui/react-components';
import { may, useSignedIn } from '../../api/session.ts';
import type { Session } from '../../api/session.ts';
import { Page } from '../../frame/page.tsx';
import { Health } from './health.tsx';
import { PasswordSettings } from './password.tsx';
import { People } from './people.tsx';
import { Sessions } from './sessions.tsx';
import { Tokens } from './tokens.tsx';

const tabs: readonly { id: string; title: string; shown: (session: Session) => boolean; content: () => ReactNode }[] = [
  { id: 'people', title: 'People', shown: (session) => may(session, 'administrator'), content: People },
  { id: 'tokens', title: 'Tokens', shown: (session) => may(session, 'member'), content: Tokens },
  { id: 'sessions', title: 'Sessions', shown: ({ account }) => account !== null, content: Sessions },
  { id: 'password', title: 'Password', shown: ({ account }) => account !== null, content: PasswordSettings },
  { id: 'health', title: 'Health', shown: () => true, content: Health },
];

export default function SettingsPage(): ReactNode {
  const session = useSignedIn();
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('tab');
  const shown = tabs.filter((tab) => tab.shown(session));
  const current = shown.find(({ id }) => id === asked) ?? shown[0];
  const Content = current?.content;
  return (
    <Page title="Settings" intro={`People and credentials of the project ${session.project}, your own sessions and password, and the health of the installation.`}>
      <TabList aria-label="Settings" selectedValue={current?.id} onTabSelect={(_event, { value }) => navigate(`/settings?tab=${String(value)}`, { replace: true })} style={{ flexWrap: 'wrap' }}>
        {shown.map(({ id, title }) => <Tab key={id} id={`tab-${id}`} value={id} aria-controls="settings-panel">{title}</Tab>)}
      </TabList>
      <div id="settings-panel" role="tabpanel" aria-labelledby={`tab-${current?.id ?? ''}`} style={{ display: 'contents' }}>{Content ? <Content /> : null}</div>
    </Page>
  );
}
