/** Asks before what cannot be undone; where much is at stake, the name must be typed. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input } from '@fluentui/react-components';
import { CliLine } from './code.tsx';
import { Failure } from './failure.tsx';

interface Asked { open: boolean; title: string; children: ReactNode; action: string; typed?: string; cli?: string; pending?: boolean; error?: Error | null; onConfirm: () => void; onClose: () => void }

export function Confirm({ open, title, children, action, typed, cli, pending = false, error, onConfirm, onClose }: Asked): ReactNode {
  const [text, setText] = useState('');
  const ready = typed === undefined || text === typed;
  return (
    <Dialog open={open} modalType="alert" onOpenChange={(_event, { open: next }) => { if (!next) { setText(''); onClose(); } }}>
      <DialogSurface>
        <form onSubmit={(event) => { event.preventDefault(); if (ready && !pending) onConfirm(); }}>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent>
              {children}
              {typed === undefined ? null : <Field label={<>Type <strong>{typed}</strong> to confirm</>}><Input value={text} onChange={(_event, { value }) => setText(value)} autoComplete="off" /></Field>}
              {cli === undefined ? null : <CliLine line={cli} />}
              {error ? <Failure error={error} /> : null}
            </DialogContent>
            <DialogActions>
              <Button onClick={() => { setText(''); onClose(); }}>Cancel</Button>
              <Button appearance="primary" type="submit" disabled={!ready} disabledFocusable={pending}>{action}</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
