/** The state of something, in colour, shape and word. */
import type { ReactNode } from 'react';
import { Badge, Spinner } from '@fluentui/react-components';
import { CheckmarkCircle16Filled, ErrorCircle16Filled, Info16Regular } from '@fluentui/react-icons';

const looks = {
  good: { color: 'success', icon: <CheckmarkCircle16Filled /> }, bad: { color: 'danger', icon: <ErrorCircle16Filled /> }, working: { color: 'informative', icon: <Spinner size="extra-tiny" aria-hidden /> }, neutral: { color: 'informative', icon: <Info16Regular /> }, attention: { color: 'warning', icon: <ErrorCircle16Filled /> },
} as const;

export function StateBadge({ look, children }: { look: keyof typeof looks; children: ReactNode }): ReactNode {
  const { color, icon } = looks[look];
  return <Badge appearance="tint" color={color} icon={icon} size="large">{children}</Badge>;
}
