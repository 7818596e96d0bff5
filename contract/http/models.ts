/** The catalog: models, their versions, where their files come from. */
import { z } from 'zod';
import { pub, personal } from '../marks.ts';
import { Digest, ModelName, ModelVersion, Time } from '../names.ts';
import { operation } from '../operation.ts';
import { RetentionMode, RetentionNeed } from '../retention.ts';

export const Task = z.enum(['chat-completion', 'text-generation', 'embeddings']);
export type Task = z.output<typeof Task>;
export const Format = z.enum(['gguf', 'safetensors']);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Where a file comes from. */
export const Source = pub(z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('huggingface'),
    /** `owner/name`; the host is the operator's `HF_ENDPOINT`. */
    repository: z.string().regex(/^[\w.-]{1,96}\/[\w.-]{1,96}$/),
    /** A 40-digit commit pins; a branch or tag does not. */
    revision: z.string().regex(/^[\w./-]{1,100}$/).default('main'),
    path: z.string().min(1).max(300),
  }),
  z.strictObject({
    type: z.literal('pypi'),
    /** Name and exact version of the wheel; the index is that of the machine's own pip. */
    package: z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/),
    version: z.string().regex(/^[\w.+!-]{1,50}$/),
    /** Path inside the wheel. */
    member: z.string().min(1).max(300),
    wheelSha256: Sha256.optional(),
  }),
  z.strictObject({ type: z.literal('https'), url: z.url({ protocol: /^https$/ }).max(2000) }),
  z.strictObject({ type: z.literal('file'), path: z.string().min(1).max(4000) }),
]));
export type Source = z.output<typeof Source>;

export const ModelFile = z.strictObject({
  /** What the file is for: the weights, or a companion that the conversion reads. */
  role: pub(z.enum(['weights', 'tokenizer', 'vocabulary', 'configuration'])),
  /** Bytes, where known. */
  size: pub(z.int().positive().optional()),
  /** SHA-256 of the file. Absent: pinned on the first pull, and the version says so. */
  sha256: pub(Sha256.optional()),
  source: Source,
});
export type ModelFile = z.output<typeof ModelFile>;

/** A model version as declared in a file: the unit of import. Its digest is the SHA-256 of its RFC 8785 form. */
export const ModelManifest = z.strictObject({
  name: pub(ModelName),
  version: pub(ModelVersion),
  displayName: pub(z.string().min(1).max(120)),
  publisher: pub(z.string().min(1).max(120)),
  summary: pub(z.string().max(600)),
  /** Model card in Markdown. */
  card: pub(z.string().max(100_000).optional()),
  task: pub(Task),
  /** SPDX identifier, or `LicenseRef-…` for a licence of the publisher's own. */
  licence: pub(z.string().regex(/^[A-Za-z0-9.+-]{1,80}$/)),
  licenceUrl: pub(z.url({ protocol: /^https$/ }).optional()),
  /** Number of parameters. */
  parameters: pub(z.int().positive().optional()),
  /** Context length in tokens. */
  contextLength: pub(z.int().positive().optional()),
  /** Length of an embedding. */
  embeddingLength: pub(z.int().positive().optional()),
  /** How token vectors become one vector, for a converted encoder. */
  pooling: pub(z.enum(['mean', 'cls']).optional()),
  languages: pub(z.array(z.string().regex(/^[a-z]{2,3}$/)).max(200).optional()),
  format: pub(Format),
  quantisation: pub(z.string().regex(/^[A-Za-z0-9_]{1,20}$/).optional()),
  capabilities: z.strictObject({
    tools: pub(z.boolean().default(false)),
    jsonSchema: pub(z.boolean().default(true)),
    logprobs: pub(z.boolean().default(true)),
  }).prefault({}),
  /** Where the publisher presents the model. */
  homepage: pub(z.url({ protocol: /^https$/ }).optional()),
  files: z.array(ModelFile).max(16),
  /** What the model must keep of its requests; absent means `none`, and `none` is not made part of the digest. */
  retention: pub(RetentionNeed.optional()),
});
export type ModelManifest = z.output<typeof ModelManifest>;

export const PullState = z.enum(['not_pulled', 'pulling', 'pulled', 'failed']);

const ModelSummary = z.object({
  name: pub(ModelName), version: pub(ModelVersion), digest: pub(Digest), displayName: pub(z.string()), publisher: pub(z.string()),
  summary: pub(z.string()), task: pub(Task), licence: pub(z.string()), parameters: pub(z.int().optional()),
  contextLength: pub(z.int().optional()), format: pub(Format),
  /** Bytes to fetch, where known. */
  size: pub(z.int().optional()),
  /** False where no engine of this installation runs the format, or no file of it is declared. */
  deployable: pub(z.boolean()),
  pull: pub(PullState),
});
export type ModelSummary = z.output<typeof ModelSummary>;

/** A version of a model, without its manifest. */
export const VersionSummary = z.object({ version: pub(ModelVersion), digest: pub(Digest), importedAt: pub(Time) });

/** What a deployment with the default context needs of the machine's memory, estimated, and what there is now. */
export const Memory = z.object({
  /** Weights, KV cache and overhead together, bytes; null where the size of the files is not known. */
  neededBytes: pub(z.int().nullable()),
  weightsBytes: pub(z.int().nullable()), contextBytes: pub(z.int().nullable()), overheadBytes: pub(z.int()),
  /** Tokens of context that are reckoned with, and how many requests at once have such a context. */
  contextLength: pub(z.int()), sequences: pub(z.int()),
  /** Bytes that programs can still get here: of the machine, or of the control group where that is less. */
  availableBytes: pub(z.int().nullable()),
  fits: pub(z.boolean().nullable()),
  /** `file`: reckoned from the head of the pulled file. `size`: a guess from size and parameters alone. */
  basis: pub(z.enum(['file', 'size'])),
});
export type Memory = z.output<typeof Memory>;

export const Model = ModelSummary.extend({
  manifest: ModelManifest,
  /** SHA-256 of the file that the engine loads, once pulled. */
  artifactDigest: pub(Digest.nullable()),
  /** Bytes of that file. */
  artifactSize: pub(z.int().nullable()),
  /** `manifest`: every file was pinned before it was fetched. `first_pull`: at least one was pinned by what came the first time. */
  pinned: pub(z.enum(['manifest', 'first_pull']).nullable()),
  retention: pub(RetentionMode),
  importedAt: pub(Time), importedBy: personal(z.string()),
  /** Every version of the model, newest first. */
  versions: z.array(VersionSummary),
  memory: Memory,
});
export type Model = z.output<typeof Model>;

const ModelRef = z.object({ model: pub(ModelName) });

/** A value of a facet, and how many models would be found with it, the other filters as they are. */
const Facet = z.array(z.object({ value: pub(z.string()), count: pub(z.int()) }));

export const listModels = operation({
  id: 'listModels', summary: 'List and search the models of the catalog, each in its newest version', tag: 'catalog', method: 'GET', path: '/api/models',
  access: 'read', servedBy: 'control',
  query: z.strictObject({
    /** Words that must all occur in name, display name, publisher, summary, licence or task. */
    search: pub(z.string().max(200).optional()),
    task: pub(Task.optional()), licence: pub(z.string().max(80).optional()), publisher: pub(z.string().max(120).optional()),
    deployable: pub(z.enum(['true', 'false']).optional()), pull: pub(PullState.optional()),
    /** Bytes to fetch at most; a model whose size is not known is then left out. */
    maxSize: pub(z.coerce.number<string | number>().int().positive().optional()),
    /** `size` and `parameters`: smallest first, unknown last. */
    sort: pub(z.enum(['name', 'newest', 'size', 'parameters']).default('name')),
    /** Models of one answer; all of them where it is not given. */
    limit: pub(z.coerce.number<string | number>().int().min(1).max(500).optional()),
    /** `next` of the answer before, for what follows it. */
    after: pub(z.string().max(600).optional()),
  }),
  response: z.object({
    data: z.array(ModelSummary),
    /** Models that match, on all pages together. */
    total: pub(z.int()),
    /** The 50 most frequent values of each, with counts; `size` counts what is at most so many bytes. */
    facets: z.object({ task: Facet, licence: Facet, publisher: Facet, pull: Facet, deployable: Facet, size: Facet }),
    next: pub(z.string().nullable()),
  }),
  errors: ['invalid_request'],
});
export const showModel = operation({
  id: 'showModel', summary: 'Show a model version (the newest unless ?version=)', tag: 'catalog', method: 'GET', path: '/api/models/{model}',
  access: 'read', servedBy: 'control', params: ModelRef, query: z.strictObject({ version: pub(ModelVersion.optional()) }),
  response: Model, errors: ['model_not_found'],
});
export const importModel = operation({
  id: 'importModel', summary: 'Import a model version from a manifest', tag: 'catalog', method: 'POST', path: '/api/models',
  access: 'administrator', servedBy: 'control', request: ModelManifest, response: Model, status: 201,
  errors: ['invalid_request', 'version_immutable', 'retention_not_supported'],
});
