/** Text for machines: a line or a block, with a button that copies it. */
import type { ReactNode } from 'react';
import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { CopyButton } from './copy-button.tsx';

const useStyles = makeStyles({
  box: { display: 'flex', alignItems: 'flex-start', gap: tokens.spacingHorizontalS, minWidth: 0, maxWidth: '100%', backgroundColor: tokens.colorNeutralBackground3, borderRadius: tokens.borderRadiusMedium, paddingInlineStart: tokens.spacingHorizontalM },
  text: { flex: '1 1 auto', minWidth: 0, margin: 0, paddingBlock: tokens.spacingVerticalS, overflowX: 'auto', whiteSpace: 'pre', fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase300, color: tokens.colorNeutralForeground1 },
  cli: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  label: { color: tokens.colorNeutralForeground2 },
});

/** `what`: names the text for the copy button and for a screen reader. */
export function Code({ text, what, className }: { text: string; what: string; className?: string }): ReactNode {
  const styles = useStyles();
  return <div className={mergeClasses(styles.box, className)}><pre className={styles.text} tabIndex={0} role="region" aria-label={what}>{text}</pre><CopyButton text={text} what={what} /></div>;
}

/** The same on the command line: every action has one. */
export function CliLine({ line, label = 'On the command line' }: { line: string; label?: string }): ReactNode {
  const styles = useStyles();
  return <div className={styles.cli}><Text size={200} className={styles.label}>{label}</Text><Code text={line} what={`command: ${line}`} /></div>;
}
