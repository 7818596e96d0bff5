/** People: accounts, their roles, and the links by which they sign in. */
import { z } from 'zod';
import { pub, personal, secret } from '../marks.ts';
import { Name, PrincipalId, Time } from '../names.ts';
import { operation } from '../operation.ts';
import { Role, Scope } from '../roles.ts';

/** `project` is null for a role in the whole installation. */
const HeldRole = z.object({ project: pub(Name.nullable()), role: pub(Role) });
export const Person = z.object({
  id: pub(PrincipalId), name: personal(Name), roles: z.array(HeldRole), hasPassword: pub(z.boolean()), createdAt: pub(Time), createdBy: personal(z.string()),
  /** When a session of theirs was last used; null where none is open. */
  lastSeenAt: pub(Time.nullable()),
});
export type Person = z.output<typeof Person>;
/** Works once. The code stands behind `#`, which browsers do not send: it is in no log and no referrer. */
const SignInLink = z.object({ url: secret(z.string()), code: secret(z.string()), expiresAt: pub(Time) });
/** By name or id. */
const PersonRef = z.object({ person: personal(z.string().max(63)) });

export const createSignInLink = operation({
  id: 'createSignInLink', summary: 'Make a link that signs an account in, once; an administrator of the installation who asks for owner gets that account, made where there is none', tag: 'identity', method: 'POST', path: '/api/sign-in-links',
  access: 'people', servedBy: 'control',
  request: z.strictObject({ account: personal(Name), expiresInMinutes: pub(z.int().min(1).max(10_080).default(15)) }),
  response: SignInLink.extend({ account: personal(Name) }), errors: ['invalid_request', 'person_not_found'],
});
export const listPeople = operation({
  id: 'listPeople', summary: 'List who has a role in the project, or everybody (administrators)', tag: 'identity', method: 'GET', path: '/api/people', access: 'people', servedBy: 'control',
  query: z.strictObject({ scope: pub(Scope.default('project')) }), response: z.object({ data: z.array(Person) }), errors: ['invalid_request'],
});
export const addPerson = operation({
  id: 'addPerson', summary: 'Make an account with a role; the answer has a link by which it signs in, once', tag: 'identity', method: 'POST', path: '/api/people', access: 'people', servedBy: 'control',
  request: z.strictObject({ name: personal(Name), role: pub(Role), scope: pub(Scope.default('project')) }), response: Person.extend({ link: SignInLink }), status: 201,
  errors: ['invalid_request', 'name_taken'],
});
export const setRole = operation({
  id: 'setRole', summary: 'Give an account another role, in the project or in the whole installation', tag: 'identity', method: 'POST', path: '/api/people/{person}/role', access: 'people', servedBy: 'control',
  params: PersonRef, request: z.strictObject({ role: pub(Role), scope: pub(Scope.default('project')) }), response: Person, errors: ['invalid_request', 'person_not_found'],
});
export const removePerson = operation({
  id: 'removePerson', summary: 'Take away the role in the project, or the whole account; an account without a role is removed and its sessions end', tag: 'identity', method: 'DELETE', path: '/api/people/{person}',
  access: 'people', servedBy: 'control', params: PersonRef, query: z.strictObject({ scope: pub(Scope.default('project')) }),
  response: z.object({ id: pub(PrincipalId), removed: pub(z.enum(['role', 'account'])) }), errors: ['invalid_request', 'person_not_found'],
});
