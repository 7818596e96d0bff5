/** Shows keys, once. It closes only by saying that they are stored. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Checkbox, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, makeStyles, Text, tokens } from '@fluentui/react-components';
import { Code } from '../frame/code.tsx';

const useStyles = makeStyles({ content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM }, key: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS } });

export function KeysDialog({ title, keys, children, onStored }: { title: string; keys: readonly (readonly [slot: string, key: string])[]; children: ReactNode; onStored: () => void }): ReactNode {
  const styles = useStyles();
  const [stored, setStored] = useState(false);
  const plural = keys.length > 1;
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{children}</Text>
            {keys.map(([slot, key]) => <div key={slot} className={styles.key}><Text weight="semibold">{`${slot} key`}</Text><Code text={key} what={`${slot} key`} /></div>)}
            <Checkbox checked={stored} onChange={(_event, { checked }) => setStored(checked === true)} label={plural ? 'I have stored them' : 'I have stored it'} />
          </DialogContent>
          <DialogActions><Button appearance="primary" disabled={!stored} onClick={onStored}>Go on</Button></DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
