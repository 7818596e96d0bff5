/** How the installation is. */
import type { ReactNode } from 'react';
import { CliLine } from '../../frame/code.tsx';
import { Section } from '../../frame/page.tsx';

export function Health(): ReactNode { return <Section title="Health"><CliLine line="npx modelkeep status" /></Section>; }
