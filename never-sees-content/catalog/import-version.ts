/** Imports a model version once. The same contents again change nothing; other contents under the same version are refused. */
import type { ModelManifest } from '#contract/http/models.ts';
import type { Actor } from '../ledger/entry.ts';
import { admitRetention } from '../retention/admit.ts';
import { Refusal } from '../server/refusal.ts';
import type { Storage } from '../storage/storage.ts';
import { manifestDigest } from './digest.ts';

/** @returns the version's digest. @throws Refusal version_immutable, retention_not_supported */
export async function importVersion(storage: Storage, actor: Actor, { retention, ...manifest }: ModelManifest): Promise<string> {
  // What every version has is not repeated in its manifest: its digest stays what it was before there was a declaration.
  admitRetention(retention);
  const digest = manifestDigest(manifest);
  return await storage.transact(actor, async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx.insertInto('model_versions').values({
      digest, name: manifest.name, version: manifest.version, manifest: JSON.stringify(manifest), artifact_digest: null, artifact_size: null, pinned: null, imported_by: actor.id,
    }).onConflict((on) => on.doNothing()).executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) {
      return { result: digest, entry: { kind: 'model.imported', object: digest, projectId: null, facts: { name: manifest.name, version: manifest.version, licence: manifest.licence, publisher: manifest.publisher } } };
    }
    const existing = await tx.selectFrom('model_versions').select('digest').where('name', '=', manifest.name).where('version', '=', manifest.version).executeTakeFirst();
    if (existing?.digest !== digest) throw new Refusal('version_immutable', 'version');
    return { result: digest, unchanged: true };
  });
}
