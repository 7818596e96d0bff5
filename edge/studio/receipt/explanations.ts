/** What each check of the verifier means to a person. A name that is not here is shown as it is. */
export const explanations: Readonly<Record<string, string>> = {
  'the file is a receipt': 'It is spelled exactly as the format asks; a byte added or moved would show.',
  'the file proves its place in the ledger': 'It brings the proof of its place in the ledger along.',
  'verifier key': 'It is of the ledger whose key this page saw first, or of the key that you gave.',
  'signature of the checkpoint': 'The state of the ledger that it refers to was signed with that key.',
  'the ledger certifies the key of the receipt': 'The gateway\'s key that signed this receipt was entered in the ledger when that gateway started.',
  'signature of the receipt': 'What the receipt says is what that gateway signed.',
  'the receipt is in the ledger': 'It is in a batch that the ledger has: it cannot be taken back or replaced unseen.',
  'the opening is of this receipt': 'The secret that opens its commitments belongs to this request, where the file has one.',
  'the prompt is the one that was received': 'The bytes that were sent are the ones that arrived.',
  'the response is the one that was returned': 'The bytes that came are the ones that were sent back.',
};
