/** The OpenAPI 3.1 document, generated from the operations: never written by hand. Fields carry their mark as `x-modelkeep-mark`. */
import { z } from 'zod';
import { errorCodes } from './error-codes.ts';
import { RowProblem } from './http/file-rows.ts';
import { markOf } from './marks.ts';
import { carriesContent } from './operation.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';

type Json = Record<string, unknown>;

/** JSON Schema 2020-12 of a schema, with marks. Dates and other outputs are described as they travel. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const json = z.toJSONSchema(schema, {
    io, target: 'draft-2020-12', unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const mark = markOf(zodSchema);
      if (mark) (jsonSchema as Json)['x-modelkeep-mark'] = mark;
    },
  }) as Json;
  delete json['$schema'];
  return json;
}

function parameters(op: Operation, path: string): Json[] {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const of = (schema: z.ZodObject | undefined, place: 'path' | 'query', names: string[]): Json[] => names.map((name) => {
    const field = schema?.shape[name] as z.ZodType | undefined;
    return { name, in: place, required: place === 'path' || (field ? !field.safeParse(undefined).success : false), schema: field ? jsonSchemaOf(field, 'input') : { type: 'string' } };
  });
  return [...of(op.params, 'path', named), ...of(op.query, 'query', Object.keys(op.query?.shape ?? {}))];
}

/** The schemas of an operation under the names that its routes refer to. */
function componentsOf(op: Operation): Record<string, Json> {
  return {
    ...(op.request ? { [`${op.id}.request`]: jsonSchemaOf(op.request, 'input') } : {}),
    [`${op.id}.response`]: jsonSchemaOf(op.response, 'output'),
    ...(op.event ? { [`${op.id}.event`]: jsonSchemaOf(op.event, 'output') } : {}),
  };
}

const reference = (op: Operation, part: 'request' | 'response' | 'event'): Json => ({ schema: { $ref: `#/components/schemas/${op.id}.${part}` } });

function responses(op: Operation): Json {
  const success: Json = { [op.media?.split(';')[0] ?? 'application/json']: reference(op, 'response') };
  if (op.event) success['text/event-stream'] = reference(op, 'event');
  const result: Json = { [String(op.status ?? 200)]: { description: 'Success', content: success } };
  const shared = op.access === 'none' ? [] : (['missing_api_key', 'invalid_api_key', 'session_ended', 'csrf_refused', 'permission_denied'] as const);
  const codes = [...new Set([...shared, ...op.errors])];
  for (const status of [...new Set(codes.map((code) => errorCodes[code].status))].sort()) {
    const here = codes.filter((code) => errorCodes[code].status === status);
    result[String(status)] = {
      description: here.map((code) => `\`${code}\`: ${errorCodes[code].message}`).join('\n\n'),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    };
  }
  return result;
}

function describe(op: Operation, path: string, alias: boolean): Json {
  return {
    operationId: alias ? `${op.id}:${path}` : op.id, summary: op.summary, tags: [op.tag], parameters: parameters(op, path),
    ...(op.request ? { requestBody: { required: true, content: { [op.requestMedia ?? 'application/json']: reference(op, 'request') } } } : {}),
    responses: responses(op),
    security: op.access === 'none' ? [] : [{ bearer: [] }, { apiKey: [] }, { session: [] }],
    'x-modelkeep-access': op.access, 'x-modelkeep-served-by': op.servedBy, 'x-modelkeep-carries-content': carriesContent(op),
    ...(alias ? { 'x-modelkeep-alias-of': op.id } : {}),
  };
}

/** The document. `version` is the product's. */
export function openApiDocument(version = '0.1.0'): Json {
  const all = Object.values(operations) as Operation[];
  const paths: Record<string, Json> = {};
  for (const op of all) {
    for (const path of [op.path, ...(op.aliases ?? [])]) (paths[path] ??= {})[op.method.toLowerCase()] = describe(op, path, path !== op.path);
  }
  const codes = Object.keys(errorCodes);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Modelkeep', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: 'Every field carries its mark (`x-modelkeep-mark`): public, content, personal or secret. Content is held in memory for one request and stored nowhere.',
    },
    servers: [{ url: '/' }], paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Endpoint key, project token or administrator credential' },
        apiKey: { type: 'apiKey', in: 'header', name: 'api-key' },
        session: { type: 'apiKey', in: 'cookie', name: 'modelkeep', description: 'A session of the studio (`__Host-modelkeep` over TLS); every change needs the header x-modelkeep-csrf besides' },
      },
      schemas: {
        ...Object.assign({}, ...all.map(componentsOf)) as Record<string, Json>,
        Error: {
          type: 'object', required: ['error'],
          properties: { error: { type: 'object', required: ['message', 'type', 'param', 'code'], properties: {
            message: { type: 'string' }, type: { type: 'string', enum: [...new Set(codes.map((code) => errorCodes[code as keyof typeof errorCodes].type))] },
            param: { type: ['string', 'null'] }, code: { type: 'string', enum: codes },
            rows: { type: 'array', items: jsonSchemaOf(RowProblem, 'output'), description: 'Of `file_rows_invalid` only: the first problems, by line' },
            more: { type: 'boolean', description: 'Of `file_rows_invalid` only: there are more problems, or the rest was not read' },
          } } },
        },
      },
    },
  };
}
