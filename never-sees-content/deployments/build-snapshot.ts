/**
 * The routing snapshot, from the database: all that the gateway needs to answer alone. Its version is the number of the last ledger
 * entry that it reflects, so that it grows with every change and means the same after a restart and in every control process.
 */
import type { Route, RoutingSnapshot } from '#contract/internal/routing-snapshot.ts';
import type { Reader } from '../storage/storage.ts';
import { artifactPath } from './artifact-path.ts';

const seconds = (time: string | null): number | null => (time === null ? null : Math.floor(Date.parse(time) / 1000));

export async function buildSnapshot(db: Reader, dataFolder: string, suspended: (project: string) => boolean): Promise<RoutingSnapshot> {
  const { seq } = await db.selectFrom('ledger_head').select('seq').executeTakeFirstOrThrow();
  const projects = await db.selectFrom('projects').select(['id', 'name']).where('deleting', '=', false).execute();
  const credentials = await db.selectFrom('credentials').selectAll().where('revoked_at', 'is', null).execute();
  return {
    version: seq, projects: projects.map((project) => ({ ...project, suspended: suspended(project.id) })), routes: await routes(db, dataFolder),
    credentials: credentials.map((row) => ({ hash: row.hash, kind: row.kind, id: row.id, projectId: row.project_id, deploymentId: row.deployment_id, expiresAt: seconds(row.expires_at) })),
  };
}

async function routes(db: Reader, dataFolder: string): Promise<Route[]> {
  const rows = await db.selectFrom('deployments').innerJoin('model_versions', 'model_versions.digest', 'deployments.model_digest')
    .leftJoin('engines', 'engines.id', 'deployments.engine_id')
    .select(['deployments.id', 'deployments.name', 'deployments.project_id', 'deployments.model_name', 'deployments.model_digest', 'deployments.artifact_digest',
      'deployments.task', 'deployments.created_at', 'deployments.region', 'deployments.geography', 'deployments.isolation_requirement', 'deployments.limits', 'deployments.context_length',
      'model_versions.manifest', 'model_versions.artifact_size',
      'engines.name as engine_name', 'engines.url', 'engines.served_model', 'engines.dialect', 'engines.credential_file', 'engines.ca_file', 'engines.client_certificate_file', 'engines.client_key_file'])
    .orderBy('deployments.created_at').execute();
  return rows.flatMap((row): Route[] => {
    const base = {
      id: row.id, name: row.name, projectId: row.project_id, model: row.model_name, modelDigest: row.model_digest, publisher: row.manifest.publisher, task: row.task,
      createdAt: seconds(row.created_at) ?? 0, region: row.region, geography: row.geography, isolationRequirement: row.isolation_requirement, limits: row.limits,
    };
    const tools = row.manifest.capabilities.tools;
    if (row.engine_name !== null) {
      return [{ ...base, engine: { kind: 'external', name: row.engine_name, url: row.url ?? '', servedModel: row.served_model ?? row.model_name, dialect: row.dialect ?? 'openai',
        credentialFile: row.credential_file, caFile: row.ca_file, clientCertificateFile: row.client_certificate_file, clientKeyFile: row.client_key_file, contextLength: row.context_length, tools: true } }];
    }
    if (row.artifact_digest === null) return [];
    return [{ ...base, engine: { kind: 'embedded', artifactDigest: row.artifact_digest, artifactPath: artifactPath(dataFolder, row.artifact_digest), artifactSize: row.artifact_size ?? 0,
      contextLength: row.context_length ?? 4096, embeddingLength: row.manifest.embeddingLength ?? null, tools } }];
  });
}
