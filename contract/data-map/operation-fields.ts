/** The fields of every operation, each with its mark and the class of data that the mark means there. */
import { fieldsOf } from '../marks.ts';
import type { Mark } from '../marks.ts';
import { carriesContent } from '../operation.ts';
import type { Operation } from '../operation.ts';
import { operations } from '../operations.ts';
import type { DataClassId } from './classes.ts';

export type Part = 'params' | 'query' | 'request' | 'response' | 'event';
export interface MappedField { part: Part; path: string; mark: Mark; class: DataClassId }
export interface MappedOperation { id: string; summary: string; route: string; servedBy: Operation['servedBy']; access: Operation['access']; carriesContent: boolean; fields: MappedField[] }

const parts: readonly Part[] = ['params', 'query', 'request', 'response', 'event'];
const publicClasses: Record<string, DataClassId> = { catalog: 'catalog', metering: 'usage', ledger: 'ledger', receipts: 'receipt' };

/** What the mark of a field means in its place. @throws where a field has no mark, which the contract's own test refuses. */
function classOf(op: Operation, part: Part, path: string, mark: Mark | undefined): DataClassId {
  switch (mark) {
    case 'content': return op.tag === 'files' ? 'uploaded_data' : part === 'response' || part === 'event' ? (op.id === 'createEmbeddings' ? 'embedding' : 'output') : 'prompt';
    case 'personal': return 'personal';
    case 'secret': return op.tag === 'encryption' || op.tag === 'data' ? 'provider_credential' : 'credential';
    case 'public': return publicClasses[op.tag] ?? 'configuration';
    case undefined: throw new TypeError(`${op.id}: ${path} has no mark`);
  }
}

function fieldsIn(op: Operation, part: Part): MappedField[] {
  const schema = op[part];
  if (!schema) return [];
  const fields = fieldsOf(schema).map(({ path, mark }) => ({ part, path, mark: mark ?? 'public', class: classOf(op, part, path, mark) }));
  // A field that is a union has a leaf for each of its forms.
  return [...new Map(fields.map((field) => [`${field.path} ${field.mark}`, field])).values()];
}

export function mapOperation(op: Operation): MappedOperation {
  return {
    id: op.id, summary: op.summary, route: `${op.method} ${op.path}`, servedBy: op.servedBy, access: op.access, carriesContent: carriesContent(op),
    fields: parts.flatMap((part) => fieldsIn(op, part)),
  };
}

export const mappedOperations = (all: readonly Operation[] = Object.values(operations)): MappedOperation[] => all.map(mapOperation);
