/** Why a check fails: a closed list, so that a script can tell them apart. */
export const failures = {
  key_malformed: 'The verifier key is not one (name+hash+key, C2SP signed-note).',
  note_malformed: 'The checkpoint is not a signed note with a size and a root hash.',
  note_signature: 'No signature of the checkpoint is by this key.',
  origin_differs: 'The checkpoint is of another log than the key.',
  size_shrank: 'The newer checkpoint covers fewer entries than the older one.',
  tile_missing: 'A part of the log that the checkpoint covers cannot be had.',
  entry_malformed: 'The entries are not spelled as the format asks.',
  entry_not_in_tree: 'An entry is not the one in the tree.',
  root_differs: 'The tree does not have the root hash that the newer checkpoint signs.',
  not_consistent: 'The log does not begin with what the older checkpoint signs: it was rewritten.',
} as const;
export type Failure = keyof typeof failures;

export class VerificationFailure extends Error {
  readonly code: Failure;
  constructor(code: Failure) {
    super(failures[code]);
    this.name = 'VerificationFailure';
    this.code = code;
  }
}
