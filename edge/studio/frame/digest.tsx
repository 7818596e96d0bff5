/** A digest or id: short to the eye, whole to the clipboard and to a screen reader. */
import type { ReactNode } from 'react';
import { makeStyles, tokens, Tooltip } from '@fluentui/react-components';
import { CopyButton } from './copy-button.tsx';

const useStyles = makeStyles({ line: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS, minWidth: 0 }, text: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 } });
const shortened = (value: string): string => (value.length <= 24 ? value : `${value.slice(0, value.startsWith('sha256:') ? 19 : 14)}…${value.slice(-4)}`);

export function Digest({ value, what }: { value: string; what: string }): ReactNode {
  const styles = useStyles();
  return <span className={styles.line}><Tooltip content={value} relationship="description"><code className={styles.text}>{shortened(value)}</code></Tooltip><CopyButton text={value} what={what} /></span>;
}
