/** Bodies of multipart/form-data (RFC 7578), right ones and spoilt ones. A field that is marked content is the file. */
import { fieldsOf } from '#contract/marks.ts';
import type { Operation } from '#contract/operation.ts';

/** One part of a form. `filename`: of a file. */
export interface FormPart { name: string; value: string; filename?: string }

export const boundary = 'audit-boundary-5c1f0e';
export const formType = `multipart/form-data; boundary=${boundary}`;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The form's one file. Undefined where the operation takes no form. */
export function fileField({ request, requestMedia }: Operation): string | undefined {
  return request && requestMedia === 'multipart/form-data' ? fieldsOf(request).find(({ mark }) => mark === 'content')?.path : undefined;
}

/** The fields of a request as parts, the file last. */
export function partsOf(operation: Operation, body: object): FormPart[] {
  const file = fileField(operation);
  const parts = Object.entries(body).map(([name, value]): FormPart => ({ name, value: textOf(value), ...(name === file ? { filename: 'audit.txt' } : {}) }));
  return parts.sort((a, b) => Number(a.filename !== undefined) - Number(b.filename !== undefined));
}

/** `ends`: false for a form that breaks off after its last part. */
export function formOf(parts: FormPart[], ends = true): string {
  const written = parts.map(({ name, value, filename }) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n${filename === undefined ? '' : 'content-type: application/octet-stream\r\n'}\r\n${value}\r\n`);
  return `${written.join('')}${ends ? `--${boundary}--\r\n` : ''}`;
}
