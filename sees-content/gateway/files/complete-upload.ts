/** `POST /v1/uploads/{upload}/complete`: the parts are opened one after the other, checked as one file, and sealed anew under keys of its own. */
import { createHash } from 'node:crypto';
import { completeUpload as operation } from '#contract/http/uploads.ts';
import type { Upload } from '#contract/http/uploads.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { open } from '../../sealing/open.ts';
import { GatewayError } from '../gateway-error.ts';
import { opened } from './opened.ts';
import { storeContent } from './store-content.ts';
import type { FileParts } from './store-content.ts';

/** @throws GatewayError */
export async function completeUpload(body: unknown, principal: Principal, upload: string, parts: FileParts): Promise<Upload> {
  const read = operation.request.safeParse(body);
  if (!read.success) throw new GatewayError('invalid_request', read.error.issues[0]?.path.join('.').slice(0, 100) ?? null);
  const { part_ids: wanted, md5 } = read.data;
  const recipient = parts.keys.recipient.publicKey;
  const assembled = await parts.objects.assemble({ principal, upload, parts: wanted, recipient });
  const sum = createHash('md5');
  const bytes = async function* (): AsyncGenerator<Buffer> {
    for (const { sealedAs } of assembled.parts) {
      const held = await parts.keys.release(await parts.objects.partOrder({ principal, upload: assembled.upload, object: sealedAs.object, recipient }));
      try {
        const sealed = await parts.objects.read(sealedAs.object, held.signal);
        for await (const chunk of opened(open(sealed, sealedAs, held.keys), held.signal)) { if (md5 !== undefined) sum.update(chunk); yield chunk; }
      } finally { held.end(); }
    }
  };
  const end = async () => {
    if (md5 !== undefined && sum.digest('hex') !== md5.toLowerCase()) throw new GatewayError('upload_checksum_mismatch', 'md5');
    return await Promise.resolve(undefined);
  };
  await storeContent(parts, assembled.file, { bytes: bytes(), rows: { purpose: assembled.purpose }, end });
  return await parts.objects.showUpload(principal, upload);
}
