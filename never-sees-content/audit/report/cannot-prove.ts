/** What this audit cannot prove, said in every report: a reader must not take it for more than it is. */
import { readFileSync } from 'node:fs';
import type { Findings } from './findings.ts';

const always = [
  'The memory of the gateway and of its workers is not searched: content is there while a request is worked on, and, as the state of a model, for a while after.',
  'What is computed from content, such as embeddings and the state of a model, has no spelling that could be searched for.',
  'Content that somebody compressed, encrypted or split before writing it would not be found. Values that the database compresses are read out and searched.',
  'Connections are looked at twenty times a second: one that lasted less may have been missed. What the machine itself, its hypervisor or its network record is not seen.',
  'What an external engine does with a prompt that was sent to it is its operator\'s word. The audit shows only what is sent.',
  'What a customer\'s key provider and storage keep of what they are sent is their operators\' word. Credentials were planted with a provider and a storage of the audit\'s own.',
  'It shows what this installation did while it was audited, with this configuration. Run it after every change of either.',
];

/** Swap holds pages of memory on a disk, where only the kernel can read them. */
function swapIsOn(): boolean {
  try { return readFileSync('/proc/swaps', 'utf8').trim().split('\n').length > 1; } catch { return true; }
}

export function cannotProve({ installation, withoutWorker, results, outbound }: Findings): string[] {
  return [
    ...(swapIsOn() ? ['Swap is on: pages of the gateway\'s memory may stand on the swap device, which cannot be searched. Switch it off, or encrypt it with a key that is lost at every start.'] : []),
    ...withoutWorker.map(({ task, reason }) => `The embedded engine was not asked for ${task}: ${reason}. The same routes were planted with the audit's own engine behind the gateway.`),
    ...(installation.database === 'external' ? ['The database runs elsewhere: its files, its write-ahead log, its backups and its memory are its operator\'s. Its tables were read row by row.'] : []),
    ...outbound.unread.filter(({ name }) => name === 'worker').map(({ code }) => `Connections of workers are not shown to us (${code}). That they can have none is what their isolation was probed for: modelkeep deployments show NAME.`),
    ...results.filter(({ required, state }) => !required && state === 'not_covered').map(({ title, notCovered }) => `${title}: ${notCovered.join('; ')}.`),
    ...always,
  ];
}
