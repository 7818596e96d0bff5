/** Markdown from strangers (model cards, answers): no HTML, no image, nothing that loads or runs. Links are marked, show where they lead, and open elsewhere without saying from where. */
import { Component } from 'react';
import type { ReactNode } from 'react';
import Markdown from 'react-markdown';
import type { Components } from 'react-markdown';
import { Link, makeStyles, Text, tokens } from '@fluentui/react-components';
import { Open16Regular } from '@fluentui/react-icons';
import { tooIntricate } from './markdown-limits.ts';
import { outsideAddress } from './outside-link.tsx';

const useStyles = makeStyles({
  text: {
    minWidth: 0, overflowWrap: 'anywhere', lineHeight: tokens.lineHeightBase300,
    '& > :first-child': { marginTop: '0' }, '& > :last-child': { marginBottom: '0' },
    '& pre': { overflowX: 'auto', padding: tokens.spacingHorizontalM, backgroundColor: tokens.colorNeutralBackground4, borderRadius: tokens.borderRadiusMedium },
    '& code': { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
    '& blockquote': { marginInline: '0', paddingInlineStart: tokens.spacingHorizontalM, borderLeft: `3px solid ${tokens.colorNeutralStroke1}` },
    '& h3, & h4, & h5, & h6': { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, marginBlock: tokens.spacingVerticalM },
  },
  plain: { whiteSpace: 'pre-wrap' }, address: { color: tokens.colorNeutralForeground2 },
});

function Elsewhere({ href, children }: { href?: string | undefined; children?: ReactNode }): ReactNode {
  const styles = useStyles();
  const address = outsideAddress(href);
  if (address === undefined) return <span>{children}</span>;
  return <Link inline href={address} target="_blank" rel="noopener noreferrer nofollow">{children} <Open16Regular aria-hidden /><Text size={200} className={styles.address}> ({new URL(address).host}, opens elsewhere)</Text></Link>;
}

// Headings of a stranger stand below those of the page.
const components: Components = {
  a: ({ href, children }) => <Elsewhere href={href}>{children}</Elsewhere>,
  img: ({ alt }) => <Text italic>[image not loaded{alt ? `: ${alt}` : ''}]</Text>,
  h1: ({ children }) => <h3>{children}</h3>, h2: ({ children }) => <h4>{children}</h4>, h3: ({ children }) => <h5>{children}</h5>, h4: ({ children }) => <h6>{children}</h6>, h5: ({ children }) => <h6>{children}</h6>,
  pre: ({ children }) => <pre tabIndex={0} role="region" aria-label="Code">{children}</pre>,
};

export default function StrangersMarkdown({ text }: { text: string }): ReactNode {
  const styles = useStyles();
  const plain = <p className={styles.plain}>{text}</p>;
  return <div className={styles.text}>{tooIntricate(text) ? plain : <OrPlain key={text.length} plain={plain}><Markdown components={components}>{text}</Markdown></OrPlain>}</div>;
}

/** What cannot be laid out is read as it is. */
class OrPlain extends Component<{ plain: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } { return { failed: true }; }
  override render(): ReactNode { return this.state.failed ? this.props.plain : this.props.children; }
}
