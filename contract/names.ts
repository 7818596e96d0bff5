/** Names and opaque identifiers, as every room spells them. */
import { z } from 'zod';

/** A deployment, project, engine or token name: what SDKs put unescaped into a path, so no slash and no dot. */
export const Name = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, 1 to 63, not at the ends');
/** A catalog model name. */
export const ModelName = z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,94}[a-z0-9])?$/, 'lower-case letters, digits, dots, hyphens and underscores, 1 to 96');
export const ModelVersion = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/);
/** `sha256:` and 64 hexadecimal digits. */
export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
/** RFC 3339 in UTC. */
export const Time = z.iso.datetime();

/** An opaque identifier: a prefix that names its kind, and 26 characters of Crockford base 32 (130 random bits). It says nothing. */
const opaque = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`));
export const RequestId = opaque('req');
export const DeploymentId = opaque('dep');
export const ProjectId = opaque('prj');
export const KeyId = opaque('key');
export const TokenId = opaque('tok');
export const EngineId = opaque('eng');
export const PullId = opaque('pul');
export const PrincipalId = opaque('usr');
export const SessionId = opaque('ses');
export const FileId = opaque('fil');
export const UploadId = opaque('upl');
export const PartId = opaque('prt');
export const DatastoreId = opaque('dst');
/** Sealed bytes, and the data keys that open them. */
export const ObjectId = opaque('obj');
export const OrderId = opaque('ord');
export const BackupId = opaque('bak');
/** When an audit began, as the name of its folder. */
export const AuditId = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/);

/** Prefixes of credentials: so that a leaked one is recognised by scanners, and its kind known before any look-up. */
export const credentialPrefixes = { endpointKey: 'mk-ek-', projectToken: 'mk-pt-', administrator: 'mk-ad-', session: 'mk-ss-', signInLink: 'mk-sl-' } as const;
