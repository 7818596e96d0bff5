/**
 * What control tells the gateway: everything it needs to answer without asking. Versioned, whole, replaced at once.
 * Pushed as one JSON line per version on `GET /internal/routing-snapshots` (control's local socket).
 */
import { z } from 'zod';
import { DeploymentId, Digest, Name, ProjectId } from '../names.ts';
import { Dialect } from '../http/engines.ts';
import { IsolationRequirement, Limits } from '../http/deployments.ts';
import { Task } from '../http/models.ts';

export const RouteEngine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('embedded'),
    artifactDigest: Digest,
    /** Absolute path of the file that the worker loads. */
    artifactPath: z.string(), artifactSize: z.int(),
    /** Tokens of context per request. */
    contextLength: z.int(),
    embeddingLength: z.int().nullable(),
    tools: z.boolean(),
  }),
  z.object({
    kind: z.literal('external'),
    name: Name, url: z.string(), servedModel: z.string(), dialect: Dialect,
    credentialFile: z.string().nullable(), caFile: z.string().nullable(),
    clientCertificateFile: z.string().nullable(), clientKeyFile: z.string().nullable(),
    contextLength: z.int().nullable(), tools: z.boolean(),
  }),
]);
export const Route = z.object({
  id: DeploymentId, name: Name, projectId: ProjectId, model: z.string(), modelDigest: Digest, publisher: z.string(), task: Task,
  /** Unix seconds. */
  createdAt: z.int(),
  region: Name, geography: Name, isolationRequirement: IsolationRequirement, limits: Limits, engine: RouteEngine,
});
export type Route = z.output<typeof Route>;

export const Credential = z.object({
  /** HMAC-SHA-256 of the credential under the purpose `credential-hash`, hexadecimal. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  kind: z.enum(['endpoint_key', 'project_token', 'administrator']),
  id: z.string(),
  /** Null for an administrator. */
  projectId: ProjectId.nullable(),
  /** Set for an endpoint key. */
  deploymentId: DeploymentId.nullable(),
  /** Unix seconds, or null. */
  expiresAt: z.int().nullable(),
});
export type Credential = z.output<typeof Credential>;

export const RoutingSnapshot = z.object({
  version: z.int(),
  /** Public origin, for absolute URLs in answers. */
  projects: z.array(z.object({ id: ProjectId, name: Name, /** Its customer-managed key is refused, and its deployments stop for that. */ suspended: z.boolean().default(false) })),
  routes: z.array(Route), credentials: z.array(Credential),
});
export type RoutingSnapshot = z.output<typeof RoutingSnapshot>;
