/** An external engine as the API shows it. The files' contents are not known here. */
import type { Engine } from '#contract/http/engines.ts';
import type { EngineTables } from './tables.ts';

export const viewEngine = (row: EngineTables['engines']): Engine => ({
  id: row.id, name: row.name, url: row.url, model: row.model_name, dialect: row.dialect, createdAt: row.created_at, createdBy: row.created_by, retention: 'none',
  ...(row.served_model === null ? {} : { servedModel: row.served_model }), ...(row.credential_file === null ? {} : { credentialFile: row.credential_file }),
  ...(row.ca_file === null ? {} : { caFile: row.ca_file }), ...(row.client_certificate_file === null ? {} : { clientCertificateFile: row.client_certificate_file }),
  ...(row.client_key_file === null ? {} : { clientKeyFile: row.client_key_file }),
});
