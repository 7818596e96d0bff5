/** Names of deployments: what SDKs send as the model. */
const allowed = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What is wrong with a name, in a sentence; undefined where nothing is. */
export function problemOf(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return 'Give it a name.';
  if (!allowed.test(name)) return 'Lower-case letters, digits and hyphens, at most 63, no hyphen at an end.';
  if (taken.includes(name)) return 'Another deployment of the project has that name.';
  return undefined;
}

/** A free name that tells of the model. */
export function suggestedName(model: string, taken: readonly string[]): string {
  const plain = model.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 58).replace(/^-+|-+$/g, '') || 'model';
  if (!taken.includes(plain)) return plain;
  for (let i = 2; ; i++) if (!taken.includes(`${plain}-${i}`)) return `${plain}-${i}`;
}
