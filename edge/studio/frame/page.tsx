/** The shape of every page: a heading, what it is for, what can be done, and its content. */
import type { ReactNode } from 'react';
import { makeStyles, mergeClasses, Subtitle2, Text, Title2, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL, maxWidth: '1600px', width: '100%', marginInline: 'auto' },
  // Lists, tables and pictures use more of a large screen; prose and forms would only get lines that are too long to read.
  wide: { maxWidth: '2400px' },
  head: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalL, alignItems: 'flex-start', justifyContent: 'space-between' },
  words: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS, minWidth: 0, flex: '1 1 320px', overflowWrap: 'anywhere' },
  intro: { color: tokens.colorNeutralForeground2, maxWidth: '80ch' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  section: {
    display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, minWidth: 0, padding: tokens.spacingHorizontalL, borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  sectionHead: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, alignItems: 'center', justifyContent: 'space-between' },
});

/** `wide`: of lists more than of words. */
export function Page({ title, intro, actions, wide = false, children }: { title: ReactNode; intro?: ReactNode; actions?: ReactNode; wide?: boolean; children?: ReactNode }): ReactNode {
  const styles = useStyles();
  return (
    <div className={mergeClasses(styles.page, wide && styles.wide)}>
      <header className={styles.head}>
        <div className={styles.words}>
          <Title2 as="h1">{title}</Title2>
          {intro === undefined ? null : <Text as="p" block className={styles.intro} style={{ margin: 0 }}>{intro}</Text>}
        </div>
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page under its own heading. */
export function Section({ title, actions, children, label }: { title?: ReactNode; actions?: ReactNode; children?: ReactNode; label?: string }): ReactNode {
  const styles = useStyles();
  return (
    <section className={styles.section} aria-label={label ?? (typeof title === 'string' ? title : undefined)}>
      {title === undefined && actions === undefined ? null : <div className={styles.sectionHead}><Subtitle2 as="h2">{title}</Subtitle2>{actions}</div>}
      {children}
    </section>
  );
}
