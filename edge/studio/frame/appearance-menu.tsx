import type { ReactNode } from 'react';
import { Button, Menu, MenuItemRadio, MenuList, MenuPopover, MenuTrigger, Tooltip } from '@fluentui/react-components';
import { DarkTheme20Regular } from '@fluentui/react-icons';
import { useAppearance } from './appearance.tsx';
import type { Choice } from './appearance.tsx';

export function AppearanceMenu(): ReactNode {
  const { choice, choose } = useAppearance();
  return (
    <Menu checkedValues={{ appearance: [choice] }} onCheckedValueChange={(_event, { checkedItems }) => choose((checkedItems[0] ?? 'system') as Choice)}>
      <MenuTrigger disableButtonEnhancement><Tooltip content="Appearance" relationship="label"><Button appearance="subtle" icon={<DarkTheme20Regular />} /></Tooltip></MenuTrigger>
      <MenuPopover><MenuList>
        <MenuItemRadio name="appearance" value="system">As the system</MenuItemRadio>
        <MenuItemRadio name="appearance" value="light">Light</MenuItemRadio>
        <MenuItemRadio name="appearance" value="dark">Dark</MenuItemRadio>
      </MenuList></MenuPopover>
    </Menu>
  );
}
