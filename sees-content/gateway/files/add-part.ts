/** `POST /v1/uploads/{upload}/parts`. */
import type { IncomingMessage } from 'node:http';
import { mostPartBytes } from '#contract/http/files.ts';
import type { UploadPart } from '#contract/http/uploads.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { GatewayError } from '../gateway-error.ts';
import { readForm } from './multipart.ts';
import { storeContent } from './store-content.ts';
import type { FileParts } from './store-content.ts';

/** @throws GatewayError */
export async function addPart(request: IncomingMessage, principal: Principal, upload: string, parts: FileParts): Promise<UploadPart> {
  const form = await readForm(request, { fileBytes: mostPartBytes, file: 'data' });
  const place = await parts.objects.begin({ principal, recipient: parts.keys.recipient.publicKey, what: { kind: 'part', upload } });
  const end = async () => {
    const [other] = Object.keys(await form.fields);
    if (other !== undefined) throw new GatewayError('unknown_parameter', other.slice(0, 100));
    return undefined;
  };
  return await storeContent(parts, place, { bytes: form.file, rows: false, end }) as UploadPart;
}
