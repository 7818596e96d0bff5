/** What is to be planted in a form beside its fields as they are allowed: the name of its file, and each way for a form to be refused or to end badly. */
import type { Operation } from '#contract/operation.ts';
import { fileField, formOf, formType, partsOf } from './form.ts';
import type { FormPart } from './form.ts';
import { planned } from './planned.ts';
import type { Planned } from './planned.ts';
import type { Sent } from './send.ts';

/** Bytes: so many that some are sealed and written before the form ends. */
const some = 300_000;
/** Bytes, more than any file may have, and more than a text field may. */
const tooMany = 2 ** 40;
const tooLong = 5000;
export const padded = (canary: string, bytes: number): string => `${canary} ${'audit '.repeat(Math.ceil(bytes / 6))}${canary}`;

/** `body`: a right one, of which the fields beside the file are sent along. */
export function formPlan(operation: Operation, body: object, good: () => Sent): Planned[] {
  const fields = partsOf(operation, body).filter(({ filename }) => filename === undefined);
  const name = fileField(operation) ?? '';
  const file = (value: string, filename = 'audit.txt'): FormPart => ({ name, value, filename });
  const form = (parts: FormPart[], besides: Partial<Sent> & { ends?: boolean } = {}): Sent => {
    const { ends, ...more } = besides;
    return { ...good(), headers: { 'content-type': formType }, body: formOf([...fields, ...parts], ends), ...more };
  };
  return [
    planned('request name of the file', 'complete', (canary) => form([file('audit', `${canary}.txt`)])),
    planned('request name of the file', 'refused_by_validation', (canary) => form([file('audit', `${canary}\u0001.txt`)])),
    planned('request name of another file', 'unknown_field', (canary) => form([{ name: canary, value: 'audit', filename: 'audit.txt' }])),
    planned('request name of a field', 'unknown_field', (canary) => form([{ name: canary, value: 'audit' }, file('audit')])),
    planned('request value of a field', 'unknown_field', (canary) => form([{ name: 'audit_unknown', value: canary }, file('audit')])),
    planned('request value of a field', 'too_large', (canary) => form([{ name: 'audit_unknown', value: padded(canary, tooLong) }, file('audit')])),
    planned(`request ${name} without a name`, 'refused_by_validation', (canary) => form([{ name, value: canary }]), 'content'),
    planned(`request ${name} a second time`, 'refused_by_validation', (canary) => form([file('audit'), file(canary)]), 'content'),
    planned(`request ${name} before an unknown field`, 'unknown_field', (canary) => form([file(padded(canary, some)), { name: 'audit_unknown', value: 'audit' }]), 'content'),
    planned(`request ${name}`, 'broken_form', (canary) => form([file(padded(canary, some))], { ends: false }), 'content'),
    planned(`request ${name}`, 'cut_off', (canary) => form([file(padded(canary, some))], { ends: false, cut: true }), 'content'),
    planned(`request ${name}`, 'too_large', (canary) => form([file(padded(canary, some))], { ends: false, cut: true, declared: tooMany }), 'content'),
    planned('request before the first field', 'broken_form', (canary) => ({ ...form([]), body: `${canary}\r\n${formOf([...fields, file('audit')])}` }), 'content'),
    planned('request', 'wrong_media_type', (canary) => ({ ...form([]), body: canary, headers: { 'content-type': 'text/plain' } }), 'content'),
  ];
}
