/**
 * What was to be opened is not an object sealed with these keys for this identity, whole and unchanged. `reason`: not of this format; other keys, another identity or a changed
 * beginning; a frame that is not the one that was sealed there; an end that is none.
 */
export class SealedDataInvalid extends Error {
  readonly code = 'sealed_data_invalid';
  readonly reason: 'format' | 'key' | 'frame' | 'end';
  constructor(reason: SealedDataInvalid['reason']) {
    super(`sealed data: ${reason}`);
    this.name = 'SealedDataInvalid';
    this.reason = reason;
  }
}
