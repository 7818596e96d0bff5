export interface EngineTables {
  engines: {
    id: string; name: string; url: string; model_name: string; served_model: string | null; dialect: 'openai' | 'vllm' | 'llama-server';
    /** Paths on the server's machine; what is in the files is read by the gateway alone. */
    credential_file: string | null; ca_file: string | null; client_certificate_file: string | null; client_key_file: string | null;
    created_at: string; created_by: string;
  };
}
