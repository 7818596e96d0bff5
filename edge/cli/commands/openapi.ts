import { openApiDocument } from '#contract/openapi.ts';
import type { Command } from '../command.ts';
import { line } from '../terminal.ts';

export const openapi: Command = { summary: 'Print the OpenAPI 3.1 document', examples: ['modelkeep openapi > openapi.json'], run: () => { line(JSON.stringify(openApiDocument(), null, 1)); return Promise.resolve(); } };
