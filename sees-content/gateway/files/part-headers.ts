/** The headers of one part of a form: which field it is, and what its file is called. What cannot be read for certain is refused, since a field that is passed over would be taken for one that was not sent. */
import { GatewayError } from '../gateway-error.ts';

export interface PartHeaders { name: string; filename: string | undefined }

const utf8 = new TextDecoder('utf-8', { fatal: true });
const headerLine = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^\p{Cc}]*)$/u;
const parameter = /[ \t]*;[ \t]*([\w!#$&+.^`|~-]+\*?)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"\\]+))/uy;

/** @throws GatewayError invalid_multipart */
export function parsePartHeaders(bytes: Buffer): PartHeaders {
  const headers = new Map<string, string>();
  for (const line of decode(bytes).split('\r\n')) {
    const [, name = '', value = ''] = headerLine.exec(line) ?? [];
    if (name === '' || headers.has(name.toLowerCase())) throw new GatewayError('invalid_multipart');
    headers.set(name.toLowerCase(), value.trimEnd());
  }
  // It would be kept as it came, encoded; RFC 7578 deprecates it.
  if (!/^(?:7bit|8bit|binary)$/i.test(headers.get('content-transfer-encoding') ?? 'binary')) throw new GatewayError('invalid_multipart');
  return parseDisposition(headers.get('content-disposition') ?? '');
}

function parseDisposition(value: string): PartHeaders {
  const kind = /^form-data(?=[ \t;])/i.exec(value);
  const parameters = new Map<string, string>();
  let at = kind ? kind[0].length : value.length + 1;
  while (at < value.length) {
    parameter.lastIndex = at;
    const [whole = '', name = '', quoted, token = ''] = parameter.exec(value) ?? [];
    if (whole === '' || parameters.has(name.toLowerCase())) throw new GatewayError('invalid_multipart');
    parameters.set(name.toLowerCase(), quoted === undefined ? token : unquoted(quoted));
    at += whole.length;
  }
  const name = parameters.get('name');
  if (name === undefined || name === '') throw new GatewayError('invalid_multipart');
  const extended = parameters.get('filename*');
  const filename = extended === undefined ? parameters.get('filename') : decodeExtended(extended);
  return { name, filename: filename?.split(/[/\\]/).at(-1) };
}

/** Browsers, and those who do as they do, write a quotation mark as %22; others put a backslash before it. */
const unquoted = (text: string): string => text.replace(/\\(["\\])/g, '$1').replaceAll('%22', '"');

/** RFC 5987. */
function decodeExtended(value: string): string {
  const [, encoded] = /^utf-8'[\w-]*'([^']*)$/i.exec(value) ?? [];
  try { if (encoded !== undefined) return decodeURIComponent(encoded); } catch { /* refused below */ }
  throw new GatewayError('invalid_multipart', 'file');
}

export function decode(bytes: Buffer): string {
  try { return utf8.decode(bytes); } catch { throw new GatewayError('invalid_multipart'); }
}
