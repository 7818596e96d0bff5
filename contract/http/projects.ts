/** Projects: the tenants. Deployments, keys, tokens, usage and caches belong to exactly one. */
import { z } from 'zod';
import { DeletionCertificate } from '../deletion.ts';
import { pub, personal } from '../marks.ts';
import { Name, ProjectId, Time } from '../names.ts';
import { operation } from '../operation.ts';

export const Project = z.object({ id: pub(ProjectId), name: pub(Name), createdAt: pub(Time), createdBy: personal(z.string()) });
export const createProject = operation({
  id: 'createProject', summary: 'Create a project', tag: 'identity', method: 'POST', path: '/api/projects', access: 'administrator',
  servedBy: 'control', request: z.strictObject({ name: pub(Name) }), response: Project, status: 201, errors: ['invalid_request', 'name_taken'],
});
export const deleteProject = operation({
  id: 'deleteProject', summary: 'Delete a project: its files with their keys, its deployments, tokens and datastores, then its keys; the answer has the certificate', tag: 'identity', method: 'DELETE', path: '/api/projects/{project}',
  access: 'administrator', servedBy: 'control', params: z.object({ project: pub(z.string().max(63)) }),
  response: z.object({ id: pub(ProjectId), deleted: pub(z.literal(true)), certificate: personal(DeletionCertificate) }), errors: ['project_not_found', 'project_required', 'key_custody_unavailable', 'datastore_unreachable'],
});
export const listProjects = operation({
  id: 'listProjects', summary: 'List the projects', tag: 'identity', method: 'GET', path: '/api/projects', access: 'administrator',
  servedBy: 'control', response: z.object({ data: z.array(Project) }), errors: [],
});
