/** Projects: the tenants. Deployments, keys, tokens, usage and caches belong to exactly one. */
import { z } from 'zod';
import { pub, personal } from '../marks.ts';
import { Name, ProjectId, Time } from '../names.ts';
import { operation } from '../operation.ts';

export const Project = z.object({ id: pub(ProjectId), name: pub(Name), createdAt: pub(Time), createdBy: personal(z.string()) });
export const createProject = operation({
  id: 'createProject', summary: 'Create a project', tag: 'identity', method: 'POST', path: '/api/projects', access: 'administrator',
  servedBy: 'control', request: z.strictObject({ name: pub(Name) }), response: Project, status: 201, errors: ['invalid_request', 'name_taken'],
});
export const listProjects = operation({
  id: 'listProjects', summary: 'List the projects', tag: 'identity', method: 'GET', path: '/api/projects', access: 'administrator',
  servedBy: 'control', response: z.object({ data: z.array(Project) }), errors: [],
});
