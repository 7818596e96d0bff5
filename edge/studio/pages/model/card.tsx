/** A model card: Markdown from a stranger. Its HTML is shown as text, nothing in it is loaded or run, and its links say where they lead. */
import { Component } from 'react';
import type { ReactNode } from 'react';
import Markdown from 'react-markdown';
import type { Components } from 'react-markdown';
import { makeStyles, tokens } from '@fluentui/react-components';
import { OutsideLink, outsideAddress } from '../../frame/outside-link.tsx';

const useStyles = makeStyles({
  card: {
    minWidth: 0, maxWidth: '80ch', overflowWrap: 'anywhere', lineHeight: tokens.lineHeightBase400, color: tokens.colorNeutralForeground1,
    '& pre': { overflowX: 'auto', padding: tokens.spacingHorizontalM, borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground3 },
    '& code': { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
    '& blockquote': { marginInline: 0, paddingInlineStart: tokens.spacingHorizontalM, borderInlineStartWidth: '3px', borderInlineStartStyle: 'solid', borderInlineStartColor: tokens.colorNeutralStroke1, color: tokens.colorNeutralForeground2 },
    '& h3': { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500 }, '& h4': { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 }, '& h5, & h6': { fontSize: tokens.fontSizeBase300 },
  },
  plain: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', margin: 0, fontFamily: 'inherit' },
  image: { color: tokens.colorNeutralForeground2 },
});

/** The page has the first two levels of headings. */
const components: Components = {
  h1: ({ children }) => <h3>{children}</h3>, h2: ({ children }) => <h4>{children}</h4>, h3: ({ children }) => <h5>{children}</h5>, h4: ({ children }) => <h6>{children}</h6>, h5: ({ children }) => <h6>{children}</h6>, h6: ({ children }) => <h6>{children}</h6>,
  a: ({ href, children }) => <OutsideLink href={href}>{children}</OutsideLink>,
  img: ({ src, alt }) => <Picture src={typeof src === 'string' ? src : undefined} alt={alt ?? ''} />,
  pre: ({ children }) => <pre tabIndex={0} role="region" aria-label="Code of the model card">{children}</pre>,
};

/** Loading it would tell its host who looks at which model. */
function Picture({ src, alt }: { src: string | undefined; alt: string }): ReactNode {
  const styles = useStyles();
  return <span className={styles.image}>[Picture, not loaded{alt === '' ? '' : `: ${alt}`}{outsideAddress(src) === undefined ? '' : <>, <OutsideLink href={src}>at its own place</OutsideLink></>}]</span>;
}

/** Deeper than anyone writes, and deep enough to keep a browser busy: that is shown as the text that it is. */
const tooDeep = /(?:[>*_[\]`~!#-][ \t]?){200}|\n {400}/;

export function Card({ text }: { text: string }): ReactNode {
  const styles = useStyles();
  const plain = <pre className={styles.plain}>{text}</pre>;
  if (tooDeep.test(text)) return plain;
  return <div className={styles.card}><AsText text={plain}><Markdown components={components} urlTransform={(address) => outsideAddress(address) ?? ''}>{text}</Markdown></AsText></div>;
}

/** A card that cannot be laid out is read as it is. */
class AsText extends Component<{ text: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } { return { failed: true }; }
  override render(): ReactNode { return this.state.failed ? this.props.text : this.props.children; }
}

export default Card;
