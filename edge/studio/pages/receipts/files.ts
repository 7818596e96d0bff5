/** Which part of a receipt's check a file is. */
export type Part = 'receipt' | 'prompt' | 'response';

const sent = /prompt|request|sent/i;
const came = /response|answer|received|came/i;

/** By what is in it where it is a receipt, else by its name; undefined where that tells nothing, or both. */
export function partOf(name: string, bytes: Uint8Array): Part | undefined {
  if (formatOf(bytes) === 'modelkeep/receipt-file/1') return 'receipt';
  if (sent.test(name) !== came.test(name)) return sent.test(name) ? 'prompt' : 'response';
  return undefined;
}

interface Loose { format?: unknown; receipt?: { receipt_id?: unknown } }
function parsed(bytes: Uint8Array): Loose {
  try { return (JSON.parse(new TextDecoder().decode(bytes)) as Loose | null) ?? {}; } catch { return {}; }
}
const formatOf = (bytes: Uint8Array): unknown => parsed(bytes).format;

/** The request id that a receipt file names, for names of files; nothing is proved by it. */
export function idIn(bytes: Uint8Array): string {
  const id = parsed(bytes).receipt?.receipt_id;
  return typeof id === 'string' && /^req_[0-9a-z]{1,64}$/i.test(id) ? id : 'file';
}

/** A file's name as one word of a shell's line, whatever is in it. */
export const quoted = (name: string): string => (/^[\w.][\w.-]*$/.test(name) ? name : `'${name.startsWith('-') ? './' : ''}${name.replaceAll('\'', '\'\\\'\'')}'`);
