/** The key files are not as custody left them: it does not start then. `reason` says how, without any of their bytes. */
export class KeysUnreadable extends Error {
  readonly reason: 'missing' | 'mode' | 'length' | 'access' | 'authority';
  constructor(reason: KeysUnreadable['reason']) {
    super(`keys: ${reason}`);
    this.name = 'KeysUnreadable';
    this.reason = reason;
  }
}
