/** Copies a text, and says that it did. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Tooltip } from '@fluentui/react-components';
import { Checkmark20Regular, Copy20Regular } from '@fluentui/react-icons';

/** `what`: names what is copied, for those who cannot see beside what the button stands. */
export function CopyButton({ text, what, size = 'small' }: { text: string; what: string; size?: 'small' | 'medium' }): ReactNode {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const label = copied ? `Copied ${what}` : `Copy ${what}`;
  return (
    <Tooltip content={label} relationship="label">
      <Button appearance="subtle" size={size} icon={copied ? <Checkmark20Regular /> : <Copy20Regular />} aria-live="polite" onClick={() => { void navigator.clipboard.writeText(text).then(() => setCopied(true)); }} />
    </Tooltip>
  );
}
