/** A link that leaves Modelkeep: it says so, and tells the other side nothing of where it was. */
import type { ReactNode } from 'react';
import { Link, makeStyles, tokens } from '@fluentui/react-components';
import { Open16Regular } from '@fluentui/react-icons';

const useStyles = makeStyles({
  link: { overflowWrap: 'anywhere' }, icon: { marginInlineStart: tokens.spacingHorizontalXXS, verticalAlign: '-3px' },
  hidden: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap' },
});

/** Where an address from elsewhere may lead: to a web page, by its whole address. */
export function outsideAddress(address: string | undefined): string | undefined {
  if (address === undefined || !/^https?:\/\//i.test(address)) return undefined;
  try { return new URL(address).href; } catch { return undefined; }
}

/** Only its words where the address is none that may be followed. */
export function OutsideLink({ href, children }: { href: string | undefined; children?: ReactNode }): ReactNode {
  const styles = useStyles();
  const address = outsideAddress(href);
  if (address === undefined) return <span>{children}</span>;
  return <Link inline className={styles.link} href={address} target="_blank" rel="noopener noreferrer">{children}<Open16Regular className={styles.icon} aria-hidden /><span className={styles.hidden}> (opens {new URL(address).host} in a new tab)</span></Link>;
}
