/** Why a check fails: a closed list, so that a script can tell them apart. */
export const failures = {
  key_malformed: 'The verifier key is not one (name+hash+key, C2SP signed-note).',
  note_malformed: 'The checkpoint is not a signed note with a size and a root hash.',
  note_signature: 'No signature of the checkpoint is by this key.',
  origin_differs: 'The checkpoint is of another log than the key.',
  not_cosigned: 'A witness that you asked for has not cosigned the checkpoint.',
  size_shrank: 'The newer checkpoint covers fewer entries than the older one.',
  tile_missing: 'A part of the log that the checkpoint covers cannot be had.',
  entry_malformed: 'The entries are not spelled as the format asks.',
  entry_not_in_tree: 'An entry is not the one in the tree.',
  root_differs: 'The tree does not have the root hash that the newer checkpoint signs.',
  json_malformed: 'The file is not JSON in UTF-8.',
  json_not_canonical: 'The file is not spelled as its format asks (RFC 8785, or at least no name twice): something was added or changed.',
  document_malformed: 'The file does not have the members that its format asks for.',
  key_differs: 'The file is of another ledger than the key that you gave.',
  proof_missing: 'The receipt is not in the ledger yet, or its proof was left out. Get it again.',
  key_not_certified: 'The ledger does not certify the key that signed this receipt.',
  receipt_signature: 'The receipt is not what the certified key signed.',
  receipt_not_in_ledger: 'The batch in the ledger does not hold this receipt.',
  opening_missing: 'The file has no salt, so nothing can be compared with its commitments. Get it with the caller\'s key.',
  opening_differs: 'What is opened is not what was committed to.',
  prompt_differs: 'These are not the bytes of the request that the receipt is about.',
  response_differs: 'These are not the bytes of the answer that the receipt is about.',
  project_differs: 'An entry is of another project.',
  not_a_deletion: 'The entry does not tell of a deletion.',
  copy_remains: 'A known copy is not shown to be gone.',
  entry_missing: 'The log has entries of the project that the bundle has not.',
  entry_order: 'The entries are not in the order of the ledger.',
  not_restored_from: 'The checkpoints are of two logs, and the newer one does not say that it goes on from the older one.',
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
