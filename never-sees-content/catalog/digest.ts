/** The digest that names a model version: SHA-256 of the RFC 8785 form of its manifest. */
import { createHash } from 'node:crypto';
import type { ModelManifest } from '#contract/http/models.ts';
import { canonicalJson } from '#contract/canonical-json.ts';

export const manifestDigest = (manifest: ModelManifest): string => `sha256:${createHash('sha256').update(canonicalJson(manifest)).digest('hex')}`;
