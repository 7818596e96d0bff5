/** What files are for, in words. */
import type { FilePurpose } from '#contract/http/files.ts';

export const purposes: readonly { id: FilePurpose; name: string; says: string }[] = [
  { id: 'fine-tune', name: 'Fine-tuning', says: 'JSON Lines of examples to train on. Every row is read and checked while the file arrives; one wrong row, and nothing is kept.' },
  { id: 'evals', name: 'Evaluation', says: 'JSON Lines to measure a model with. Every row must be a JSON object.' },
  { id: 'batch', name: 'Batch', says: 'JSON Lines of requests that are worked on together. Every row is checked.' },
  { id: 'user_data', name: 'User data', says: 'Any file. It is taken as it is.' },
  { id: 'assistants', name: 'Assistants', says: 'Any file, for programs that use this purpose. It is taken as it is.' },
];
export const purposeInWords = (purpose: string): string => purposes.find(({ id }) => id === purpose)?.name ?? purpose;
