/** A field for a credential: shown as dots, and the browser is asked to remember nothing of it. */
import type { ReactNode } from 'react';
import { Input, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { InputProps } from '@fluentui/react-components';

// Not a password field: browsers offer to save what is typed into one.
const useStyles = makeStyles({ dots: { '-webkit-text-security': 'disc' }, mono: { fontFamily: tokens.fontFamilyMonospace } });

export function SecretInput({ onText, ...props }: Omit<InputProps, 'onChange' | 'type' | 'input' | 'ref'> & { onText: (text: string) => void }): ReactNode {
  const styles = useStyles();
  return <Input autoComplete="off" spellCheck={false} autoCapitalize="none" {...props} input={{ className: mergeClasses(styles.dots, styles.mono) }} onChange={(_event, { value }) => onText(value)} />;
}
