/** A secret that was made just now: it is shown until the page is left, and never again. */
import type { ReactNode } from 'react';
import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle, tokens } from '@fluentui/react-components';
import { Code } from '../../frame/code.tsx';

const useStyles = makeStyles({ box: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, minWidth: 0 } });

export function ShownOnce({ title, children, text, what }: { title: string; children?: ReactNode; text: string; what: string }): ReactNode {
  return (
    <div className={useStyles().box} role="status">
      <MessageBar intent="success" layout="multiline"><MessageBarBody><MessageBarTitle>{title}</MessageBarTitle> {children}</MessageBarBody></MessageBar>
      <Code text={text} what={what} />
    </div>
  );
}
