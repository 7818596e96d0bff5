/** The key hierarchy as a list of lists. */
import type { ReactNode } from 'react';
import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, makeStyles, tokens } from '@fluentui/react-components';
import { boxInWords, branchesOf } from './hierarchy.ts';
import type { Branch, Hierarchy } from './hierarchy.ts';

const useStyles = makeStyles({ list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' } });

export function InWords({ hierarchy }: { hierarchy: Hierarchy }): ReactNode {
  return <Accordion collapsible><AccordionItem value="words"><AccordionHeader as="h3">The same in words</AccordionHeader><AccordionPanel><List branches={branchesOf(hierarchy)} label="Keys" /></AccordionPanel></AccordionItem></Accordion>;
}

function List({ branches, label }: { branches: readonly Branch[]; label?: string }): ReactNode {
  return <ul className={useStyles().list} {...(label === undefined ? {} : { 'aria-label': label })}>{branches.map(({ box, below }) => <li key={box.id}>{boxInWords(box)}{below.length === 0 ? null : <>, wraps<List branches={below} /></>}</li>)}</ul>;
}
