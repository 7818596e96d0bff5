/** Kinds of entries in words. A kind that is not here is shown by its name. */
const words: Readonly<Record<string, string>> = {
  'installation.created': 'Installation created', 'administrator.created': 'Administrator created', 'project.created': 'Project created', 'token.created': 'Token created', 'token.revoked': 'Token revoked',
  'model.imported': 'Model imported', 'pull.started': 'Pull started', 'pull.finished': 'Pull finished', 'pull.failed': 'Pull failed', 'deployment.created': 'Deployment created', 'deployment.deleted': 'Deployment deleted',
  'deployment.isolated': 'Isolation probed', 'key.regenerated': 'Key regenerated', 'key.released': 'Key released to a process', 'engine.added': 'Engine added', 'engine.removed': 'Engine removed',
  'receipt_key.certified': 'Key of receipts certified', 'receipts.recorded': 'Receipts recorded', 'process.started': 'Process started', 'account.created': 'Account created', 'account.role_set': 'Role given', 'account.role_removed': 'Role taken',
  'account.removed': 'Account removed', 'account.password_set': 'Password set', 'sign_in_link.created': 'Sign-in link made', 'session.started': 'Signed in', 'session.ended': 'Signed out', 'audit.started': 'Audit started', 'audit.finished': 'Audit finished',
  'project.deletion_started': 'Deletion of a project begun', 'project.deleted': 'Project deleted', 'deployment.limits_set': 'Limits set',
  'file.stored': 'File stored', 'file.designated': 'Data designated', 'file.deletion_started': 'Deletion of a file begun', 'file.deleted': 'File deleted', 'upload.created': 'Upload begun', 'upload.completed': 'Upload completed', 'upload.cancelled': 'Upload cancelled', 'upload.expired': 'Upload expired',
  'datastore.created': 'Datastore added', 'datastore.deleted': 'Datastore removed', 'data_key.created': 'Data keys made', 'data_key.released': 'Data keys released to a process', 'data_key.destroyed': 'Data keys destroyed', 'encryption.ordered': 'Change of the keys ordered', 'platform_key.rotated': 'Platform key rotated',
  'customer_key.set': 'Customer-managed key set', 'customer_key.removed': 'Customer-managed key removed', 'customer_key.rotated': 'Customer-managed key rotated', 'customer_key.disabled': 'Customer-managed key disabled', 'customer_key.enabled': 'Customer-managed key enabled', 'customer_key.refused': 'Customer-managed key refused by its provider', 'customer_key.answered': 'Customer-managed key answered again',
  'backup.recorded': 'Backup made', 'installation.restored': 'Restored from a backup',
};
export const kindInWords = (kind: string): string => words[kind] ?? kind;
