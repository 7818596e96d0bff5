/** What is shown: the page of the address within the shell, or the sign-in where nobody is signed in. */
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { matchRoute, Redirect, Route, Switch, useLocation, useRouter } from 'wouter';
import { Spinner } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { sessionQuery, useSession } from '../api/session.ts';
import { Failure } from './failure.tsx';
import { Page } from './page.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { pages } from './pages.ts';
import { Shell } from './shell.tsx';

const SignIn = lazy(() => import('../pages/sign-in/page.tsx'));

export function Studio(): ReactNode {
  const [path] = useLocation();
  usePageMeanwhile(path);
  const session = useSession();
  if (path === '/sign-in') return <Suspense fallback={null}><SignIn /></Suspense>;
  if (session.isPending) return <Spinner label="Opening the studio" style={{ height: '100dvh' }} />;
  if (session.error) return session.error.status === 401 ? <Redirect to="/sign-in" /> : <Failure error={session.error} />;
  return <Shell session={session.data}><Pages path={path} /></Shell>;
}

/** The code of the page that is opened, and what it shows first, come while it is asked who is signed in, not after. Where they do not come, the page itself says so. */
function usePageMeanwhile(path: string): void {
  const { parser } = useRouter();
  const client = useQueryClient();
  useState(() => {
    if (path === '/sign-in') return;
    client.query(sessionQuery).catch(() => undefined);
    const opened = pages.find(({ path: at }) => matchRoute(parser, at, path === '/' ? '/catalog' : path)[0]);
    void opened?.load().then(({ ahead }) => ahead?.(client), () => undefined);
  });
}

function Pages({ path }: { path: string }): ReactNode {
  useFocusOnMain(path);
  return (
    <PageBoundary key={path}>
      <Suspense fallback={<Spinner label="Opening the page" />}>
        <Switch>
          <Route path="/"><Redirect to="/catalog" replace /></Route>
          {pages.map(({ path: at, title, page: Content }) => <Route key={at} path={at}><Titled title={title}><Content /></Titled></Route>)}
          <Route><Page title="There is no such page" intro="The address may be from another version of the studio. The navigation has every page." /></Route>
        </Switch>
      </Suspense>
    </PageBoundary>
  );
}

function Titled({ title, children }: { title: string; children: ReactNode }): ReactNode {
  useEffect(() => { document.title = `${title} · Modelkeep`; }, [title]);
  return children;
}

/** After a change of page a screen reader goes on at the new page, not at the link that was used. */
function useFocusOnMain(path: string): void {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) { first.current = false; return; }
    document.getElementById('main')?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [path]);
}
