/** All sinks, in the order of the search: memory first, before it is used for something else. */
import { apiAnswers, publishedLedger } from './api.ts';
import { databaseDump } from './database.ts';
import { coreFiles, databaseFiles, dataFolder, deletedFiles, modelFiles, runFolder, temporaryFiles, terminalOutput } from './files.ts';
import { commandLines, controlMemory, custodyMemory, databaseMemory, environments, otherMemory } from './processes.ts';
import type { Sink } from './sink.ts';

export const sinks: Sink[] = [
  controlMemory, custodyMemory, databaseMemory, otherMemory, environments, commandLines, deletedFiles, databaseDump, databaseFiles, dataFolder, modelFiles, runFolder,
  temporaryFiles, coreFiles, terminalOutput, apiAnswers, publishedLedger,
];
