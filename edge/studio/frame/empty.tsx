/** A page or list without anything in it says what it is for and what to do first. */
import type { ReactNode } from 'react';
import { makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', alignItems: 'center', textAlign: 'center', rowGap: tokens.spacingVerticalM, paddingBlock: tokens.spacingVerticalXXXL, paddingInline: tokens.spacingHorizontalL },
  words: { maxWidth: '60ch', textAlign: 'center', color: tokens.colorNeutralForeground2 },
});

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }): ReactNode {
  const styles = useStyles();
  return <div className={styles.box}><Subtitle2 as="h2">{title}</Subtitle2>{children === undefined ? null : <Text className={styles.words}>{children}</Text>}{action}</div>;
}
