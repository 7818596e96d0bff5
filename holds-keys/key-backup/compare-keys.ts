/** Which sealed files have a data key, by their names alone: a file without one cannot be opened by anybody. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';

/** `withoutKey`: deleted since the files were backed up, or made after the keys were. `withoutObject`: the other way round. */
export interface Comparison { objects: number; withoutKey: number; withoutObject: number }

function namesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? namesBelow(join(folder, entry.name)) : [entry.name]));
}
/** A data key is named after its object. */
const objectOf = (name: string): string => name.split('.')[0] ?? '';

export function compareKeys(dataFolder: string): Comparison {
  const objects = new Set(namesBelow(join(dataFolder, dataLayout.objects)).filter((name) => !name.includes('.')));
  const keys = new Set(namesBelow(join(dataFolder, dataLayout.keys, 'data')).map(objectOf));
  return { objects: objects.size, withoutKey: [...objects].filter((each) => !keys.has(each)).length, withoutObject: [...keys].filter((each) => !objects.has(each)).length };
}
