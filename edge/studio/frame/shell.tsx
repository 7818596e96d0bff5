/** The frame of every page: what it is, where one can go, in which project, and who is signed in. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Link as RouterLink, useLocation } from 'wouter';
import { Button, Dropdown, makeStyles, mergeClasses, Option, Text, tokens } from '@fluentui/react-components';
import { Navigation20Regular } from '@fluentui/react-icons';
import { useQueryClient } from '@tanstack/react-query';
import { SessionContext } from '../api/session.ts';
import type { Session } from '../api/session.ts';
import { actIn } from '../api/session-headers.ts';
import { AccountMenu } from './account-menu.tsx';
import { AppearanceMenu } from './appearance-menu.tsx';
import { useFocusBack } from './focus-back.ts';
import { pages } from './pages.ts';

const narrow = '@media (max-width: 899px)';
const useStyles = makeStyles({
  skip: { position: 'absolute', left: '-9999px', ':focus': { left: tokens.spacingHorizontalM, top: tokens.spacingVerticalS, zIndex: 10, padding: tokens.spacingHorizontalS, backgroundColor: tokens.colorNeutralBackground1, color: tokens.colorNeutralForeground1 } },
  bar: {
    position: 'sticky', top: 0, zIndex: 5, display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM, height: '48px', paddingInline: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground1, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  brand: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, color: tokens.colorNeutralForeground1, textDecorationLine: 'none', fontWeight: tokens.fontWeightSemibold, fontSize: tokens.fontSizeBase400 },
  brandName: { '@media (max-width: 479px)': { position: 'absolute', left: '-9999px' } },
  gap: { flex: '1 1 auto' },
  project: { minWidth: '96px', maxWidth: '180px' },
  menuButton: { display: 'none', [narrow]: { display: 'inline-flex' } },
  body: { display: 'flex', alignItems: 'stretch', minHeight: 'calc(100dvh - 48px)' },
  nav: {
    flex: '0 0 216px', boxSizing: 'border-box', padding: tokens.spacingHorizontalM, backgroundColor: tokens.colorNeutralBackground1, borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    position: 'sticky', top: '48px', alignSelf: 'flex-start', height: 'calc(100dvh - 48px)', overflowY: 'auto',
    [narrow]: { display: 'none', position: 'fixed', top: '48px', left: 0, zIndex: 4, width: '248px', boxShadow: tokens.shadow16 },
  },
  navOpen: { [narrow]: { display: 'block' } },
  group: { listStyleType: 'none', margin: 0, marginBottom: tokens.spacingVerticalL, padding: 0 },
  groupName: { display: 'block', paddingInline: tokens.spacingHorizontalS, paddingBlock: tokens.spacingVerticalXS, color: tokens.colorNeutralForeground2 },
  link: {
    display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, paddingInline: tokens.spacingHorizontalS, minHeight: '36px', borderRadius: tokens.borderRadiusMedium, color: tokens.colorNeutralForeground1, textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover }, ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  current: { backgroundColor: tokens.colorNeutralBackground1Selected, fontWeight: tokens.fontWeightSemibold, boxShadow: `inset 3px 0 0 ${tokens.colorBrandStroke1}` },
  main: { flex: '1 1 0', minWidth: 0, padding: tokens.spacingHorizontalXXL, outlineStyle: 'none', [narrow]: { padding: tokens.spacingHorizontalM } },
});

export function Shell({ session, children }: { session: Session; children: ReactNode }): ReactNode {
  const styles = useStyles();
  const [path] = useLocation();
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  useFocusBack();
  return (
    <SessionContext.Provider value={session}>
      <a className={styles.skip} href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>Skip to the page</a>
      <header className={styles.bar}>
        <Button className={styles.menuButton} appearance="subtle" icon={<Navigation20Regular />} aria-label="Navigation" aria-expanded={open} aria-controls="navigation" onClick={() => setOpen(!open)} />
        <RouterLink href="/catalog" className={styles.brand}><img src="/studio/icon.svg" alt="" width="24" height="24" /><span className={styles.brandName}>Modelkeep</span></RouterLink>
        <span className={styles.gap} />
        <ProjectPicker session={session} />
        <AppearanceMenu />
        <AccountMenu session={session} />
      </header>
      <div className={styles.body}>
        <nav id="navigation" aria-label="Studio" className={mergeClasses(styles.nav, open && styles.navOpen)} onKeyDown={({ key }) => { if (key === 'Escape') setOpen(false); }}><Links path={path} /></nav>
        <main id="main" tabIndex={-1} className={styles.main}>{children}</main>
      </div>
    </SessionContext.Provider>
  );
}

function Links({ path }: { path: string }): ReactNode {
  const styles = useStyles();
  return (['Models', 'Data', 'Proof', 'Installation'] as const).map((group) => (
    <div key={group}>
      <Text size={200} weight="semibold" className={styles.groupName} id={`nav-${group}`}>{group}</Text>
      <ul className={styles.group} aria-labelledby={`nav-${group}`}>
        {pages.map(({ path: to, title, nav }) => {
          if (nav?.group !== group) return null;
          const current = path === to || path.startsWith(`${to}/`);
          return <li key={to}><RouterLink href={to} className={mergeClasses(styles.link, current && styles.current)} aria-current={current ? 'page' : undefined}><nav.icon />{title}</RouterLink></li>;
        })}
      </ul>
    </div>
  ));
}

/** Shown where there is a choice. Everything that was read belongs to the project it was read in, and is forgotten with it. */
function ProjectPicker({ session }: { session: Session }): ReactNode {
  const styles = useStyles();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  if (session.projects.length < 2) return null;
  const choose = (name: string): void => {
    actIn(name);
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'showSession' });
    void client.invalidateQueries();
    navigate('/catalog');
  };
  return (
    <Dropdown className={styles.project} size="small" aria-label="Project" value={session.project} selectedOptions={[session.project]} onOptionSelect={(_event, { optionValue }) => { if (optionValue !== undefined) choose(optionValue); }}>
      {session.projects.map(({ name }) => <Option key={name} value={name}>{name}</Option>)}
    </Dropdown>
  );
}
