/** Project tokens: for a project's management operations and, as an OpenAI API key, for all its deployments. */
import { z } from 'zod';
import { pub, personal, secret } from '../marks.ts';
import { Name, Time, TokenId } from '../names.ts';
import { operation } from '../operation.ts';

export const ProjectToken = z.object({
  id: pub(TokenId), name: personal(Name), project: pub(Name), hint: pub(z.string()),
  createdAt: pub(Time), createdBy: personal(z.string()), expiresAt: pub(Time.nullable()), revokedAt: pub(Time.nullable()),
});
export const createToken = operation({
  id: 'createToken', summary: 'Create a project token; it is shown in this answer and never again', tag: 'identity', method: 'POST',
  path: '/api/tokens', access: 'project', servedBy: 'control',
  request: z.strictObject({ name: personal(Name), expiresInDays: pub(z.int().min(1).max(3650).optional()) }),
  response: ProjectToken.extend({ token: secret(z.string()) }), status: 201, errors: ['invalid_request', 'name_taken'],
});
export const listTokens = operation({
  id: 'listTokens', summary: 'List the tokens of the project (not their values)', tag: 'identity', method: 'GET', path: '/api/tokens',
  access: 'project', servedBy: 'control', response: z.object({ data: z.array(ProjectToken) }), errors: [],
});
export const revokeToken = operation({
  id: 'revokeToken', summary: 'Revoke a token by id or name; it stops working at once', tag: 'identity', method: 'DELETE', path: '/api/tokens/{token}',
  access: 'project', servedBy: 'control', params: z.object({ token: pub(z.string().max(63)) }), response: ProjectToken, errors: ['token_not_found'],
});
