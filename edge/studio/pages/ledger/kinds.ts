/** Kinds of entries in words. A kind that is not here is shown by its name. */
const words: Readonly<Record<string, string>> = {
  'installation.created': 'Installation created', 'administrator.created': 'Administrator created', 'project.created': 'Project created', 'token.created': 'Token created', 'token.revoked': 'Token revoked',
  'model.imported': 'Model imported', 'pull.started': 'Pull started', 'pull.finished': 'Pull finished', 'pull.failed': 'Pull failed', 'deployment.created': 'Deployment created', 'deployment.deleted': 'Deployment deleted',
  'deployment.isolated': 'Isolation probed', 'key.regenerated': 'Key regenerated', 'key.released': 'Key released to a process', 'engine.added': 'Engine added', 'engine.removed': 'Engine removed',
  'receipt_key.certified': 'Key of receipts certified', 'receipts.recorded': 'Receipts recorded', 'process.started': 'Process started', 'account.created': 'Account created', 'account.role_set': 'Role given', 'account.role_removed': 'Role taken',
  'account.removed': 'Account removed', 'account.password_set': 'Password set', 'sign_in_link.created': 'Sign-in link made', 'session.started': 'Signed in', 'session.ended': 'Signed out', 'audit.started': 'Audit started', 'audit.finished': 'Audit finished', 'backup.recorded': 'Backup made', 'installation.restored': 'Restored from a backup',
};
export const kindInWords = (kind: string): string => words[kind] ?? kind;
