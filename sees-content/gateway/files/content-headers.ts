/** Headers of a file's content, whole or a range of it. */
import type { ByteRange } from './byte-range.ts';

export const contentHeaders = (filename: string, size: number, range: ByteRange | undefined): Record<string, string> => ({
  'content-type': 'application/octet-stream', 'content-length': String(range ? range.end - range.start : size), 'accept-ranges': 'bytes',
  'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename).replace(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16)}`)}`,
  ...(range ? { 'content-range': `bytes ${range.start}-${range.end - 1}/${size}` } : {}),
});
