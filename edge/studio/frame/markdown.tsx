/** Markdown from strangers (model cards, answers): no HTML, no image, nothing that loads or runs. Links are marked, show where they lead, and open elsewhere without saying from where. */
import type { ReactNode } from 'react';
import Markdown from 'react-markdown';
import type { Components } from 'react-markdown';
import { Link, makeStyles, Text, tokens } from '@fluentui/react-components';
import { Open16Regular } from '@fluentui/react-icons';

const useStyles = makeStyles({
  text: {
    minWidth: 0, overflowWrap: 'anywhere', lineHeight: tokens.lineHeightBase300,
    '& > :first-child': { marginTop: '0' }, '& > :last-child': { marginBottom: '0' },
    '& pre': { overflowX: 'auto', padding: tokens.spacingHorizontalM, backgroundColor: tokens.colorNeutralBackground4, borderRadius: tokens.borderRadiusMedium },
    '& code': { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
    '& blockquote': { marginInline: '0', paddingInlineStart: tokens.spacingHorizontalM, borderLeft: `3px solid ${tokens.colorNeutralStroke1}` },
    '& h3, & h4, & h5, & h6': { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, marginBlock: tokens.spacingVerticalM },
  },
  address: { color: tokens.colorNeutralForeground2 },
});

/** The host of an address that may be followed: http and https alone. */
function hostOf(address: string | undefined): string | undefined {
  try {
    const { protocol, host } = new URL(address ?? '');
    return protocol === 'https:' || protocol === 'http:' ? host : undefined;
  } catch { return undefined; }
}

function Elsewhere({ href, children }: { href?: string | undefined; children?: ReactNode }): ReactNode {
  const styles = useStyles();
  const host = hostOf(href);
  if (host === undefined) return <span>{children}</span>;
  return <Link inline href={href} target="_blank" rel="noopener noreferrer nofollow">{children} <Open16Regular aria-hidden /><Text size={200} className={styles.address}> ({host}, opens elsewhere)</Text></Link>;
}

// Headings of a stranger stand below those of the page.
const components: Components = {
  a: ({ href, children }) => <Elsewhere href={href}>{children}</Elsewhere>,
  img: ({ alt }) => <Text italic>[image not loaded{alt ? `: ${alt}` : ''}]</Text>,
  h1: ({ children }) => <h3>{children}</h3>, h2: ({ children }) => <h4>{children}</h4>, h3: ({ children }) => <h5>{children}</h5>, h4: ({ children }) => <h6>{children}</h6>, h5: ({ children }) => <h6>{children}</h6>,
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
};

export default function StrangersMarkdown({ text }: { text: string }): ReactNode {
  return <div className={useStyles().text}><Markdown components={components}>{text}</Markdown></div>;
}
