/** Who is signed in, and the way out. */
import type { ReactNode } from 'react';
import { Avatar, Button, Menu, MenuDivider, MenuGroupHeader, MenuItem, MenuItemLink, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { call } from '../api/call.ts';
import type { Session } from '../api/session.ts';

/** A page that is loaded anew has nothing left of the session that ended. */
async function leave(): Promise<void> {
  await call('signOut').catch(() => undefined);
  window.location.assign('/studio/sign-in');
}

export function AccountMenu({ session }: { session: Session }): ReactNode {
  const name = session.account?.name ?? session.kind;
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement><Button appearance="subtle" aria-label={`Account ${name}`} icon={<Avatar size={24} name={name} aria-hidden />} /></MenuTrigger>
      <MenuPopover><MenuList>
        <MenuGroupHeader>{name}, {session.role}</MenuGroupHeader>
        <MenuDivider />
        {session.account && !session.hasPassword ? <MenuItemLink href="/studio/settings?tab=password">Set a password</MenuItemLink> : null}
        <MenuItemLink href="/studio/settings?tab=sessions">Your sessions</MenuItemLink>
        <MenuItemLink href="/studio/settings">Settings</MenuItemLink>
        <MenuItem onClick={() => { void leave(); }}>Sign out</MenuItem>
      </MenuList></MenuPopover>
    </Menu>
  );
}
