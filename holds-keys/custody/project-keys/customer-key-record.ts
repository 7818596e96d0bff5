/** What custody keeps of a project's customer-managed keys: where they are, their sealed credentials, and which is in use. */
import { z } from 'zod';
import { CustomerKeySettings } from '#contract/http/encryption.ts';
import { ProjectId, Time } from '#contract/names.ts';
import { Wrapped } from '../wrapping.ts';

export const ProviderWrapped = z.strictObject({ kid: z.string().max(1000), alg: z.string().max(100), ciphertext: z.base64().max(8192), iv: z.base64().exactOptional(), tag: z.base64().exactOptional() });
const Binding = z.strictObject({ n: z.int().min(1), settings: CustomerKeySettings, credential: Wrapped.nullable(), since: Time });
export const CustomerKeyRecord = z.strictObject({
  format: z.literal('modelkeep/customer-key/1'), project: ProjectId, bindings: z.array(Binding), active: z.int().nullable(), disabled: z.boolean(), onDenied: z.enum(['keep', 'stop']),
  /** A key that protects nothing, wrapped by the newest version: unwrapping it is how health is asked. */
  probe: ProviderWrapped.nullable(),
});
export type CustomerKeyRecord = z.output<typeof CustomerKeyRecord>;
export type Binding = z.output<typeof Binding>;
