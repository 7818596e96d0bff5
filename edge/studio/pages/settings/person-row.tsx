import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Menu, MenuItem, MenuItemRadio, MenuList, MenuPopover, MenuTrigger, Text } from '@fluentui/react-components';
import { Delete20Regular, Link20Regular, MoreHorizontal20Regular } from '@fluentui/react-icons';
import type { Role, Scope } from '#contract/roles.ts';
import type { AnswerOf } from '../../api/call.ts';
import { useSignedIn } from '../../api/session.ts';
import { useAct } from '../../api/use-operation.ts';
import { Confirm } from '../../frame/confirm.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Moment } from '../../frame/moment.tsx';
import { roleMeans } from './add-person.tsx';
import type { FreshLink } from './people.tsx';
import { Row } from '../../frame/rows.tsx';

export type Person = AnswerOf<'listPeople'>['data'][number];
const weekOfMinutes = 7 * 24 * 60;
const spelled = ({ roles }: Person): string => roles.map(({ project, role }) => `${role} ${project === null ? 'everywhere' : `in ${project}`}`).join(', ');

export function PersonRow({ person, scope, onLink }: { person: Person; scope: Scope; onLink: (link: FreshLink) => void }): ReactNode {
  const session = useSignedIn();
  const [removing, setRemoving] = useState(false);
  const [setRole, makeLink, remove] = [useAct('setRole'), useAct('createSignInLink'), useAct('removePerson')];
  const { name } = person;
  const own = person.roles.find(({ project }) => project === (scope === 'installation' ? null : session.project));
  const link = (): void => makeLink.mutate({ body: { account: name, expiresInMinutes: weekOfMinutes } }, { onSuccess: (made) => onLink({ name, ...made }) });
  const error = setRole.error ?? makeLink.error;
  return (
    <Row label={name} actions={
      <Menu checkedValues={{ role: own ? [own.role] : [] }} onCheckedValueChange={(_event, { checkedItems }) => { const [role] = checkedItems; if (role !== undefined) setRole.mutate({ params: { person: person.id }, body: { role: role as Role, scope } }); }}>
        <MenuTrigger disableButtonEnhancement><Button appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label={`Change ${name}`} /></MenuTrigger>
        <MenuPopover><MenuList>
          {roleMeans.map(([role, label]) => <MenuItemRadio key={role} name="role" value={role}>{label}</MenuItemRadio>)}
          <MenuItem icon={<Link20Regular />} onClick={link}>Make a sign-in link</MenuItem>
          {own || scope === 'installation' ? <MenuItem icon={<Delete20Regular />} onClick={() => setRemoving(true)}>Remove</MenuItem> : null}
        </MenuList></MenuPopover>
      </Menu>
    }>
      <Text weight="semibold">{name}{person.id === session.account?.id ? ' (you)' : ''}</Text>
      <Text size={200}>{spelled(person)}</Text>
      <Text size={200}>{person.lastSeenAt === null ? 'Not signed in' : <>Last seen <Moment at={person.lastSeenAt} /></>}{person.hasPassword ? '' : ', has no password'}</Text>
      {error ? <Failure error={error} /> : null}
      <Confirm open={removing} title={`Remove ${name}`} action="Remove" typed={name} cli={`npx modelkeep people remove ${name}${scope === 'installation' ? ' --everywhere' : ''}`} pending={remove.isPending} error={remove.error}
        onClose={() => setRemoving(false)} onConfirm={() => remove.mutate({ params: { person: person.id }, query: { scope } }, { onSuccess: () => setRemoving(false) })}>
        <Text block>{scope === 'installation' ? 'The account goes, with all its roles.' : `The role in ${session.project} is taken away; without a role left the account goes, too.`} Sessions of an account that goes end at once. What it did stays in the ledger, as an opaque id.</Text>
      </Confirm>
    </Row>
  );
}
