/** Tokens of Microsoft Entra for this application (client credentials). One is kept until it is about to end. */
import { z } from 'zod';
import { ProviderError } from '../provider.ts';
import type { ProviderServer } from '../provider-server.ts';

export interface EntraApplication { tenant: string; clientId: string; clientSecret: string }

const Token = z.object({ token_type: z.string().regex(/^bearer$/i), access_token: z.string().regex(/^[\x21-\x7e]+$/), expires_in: z.coerce.number().positive() });
const Busy = z.object({ error: z.literal('temporarily_unavailable') });
/** Milliseconds before its end at which a token is no longer used. */
const marginMs = 60_000;

export class EntraToken {
  readonly #authority: ProviderServer;
  readonly #application: EntraApplication;
  #kept: { token: string; until: number } | undefined;
  #asking: Promise<string> | undefined;

  constructor(authority: ProviderServer, application: EntraApplication) {
    this.#authority = authority;
    this.#application = application;
  }

  /** One request at a time, whoever waits for it. @throws ProviderError */
  async bearer(scope: string): Promise<string> {
    if (this.#kept && Date.now() < this.#kept.until) return this.#kept.token;
    this.#asking ??= this.#ask(scope).finally(() => { this.#asking = undefined; });
    return this.#asking;
  }

  /** The vault did not take it. */
  forget(token: string): void { if (this.#kept?.token === token) this.#kept = undefined; }

  async #ask(scope: string): Promise<string> {
    const { tenant, clientId, clientSecret } = this.#application;
    const { status, body } = await this.#authority.ask({
      method: 'POST', path: `/${tenant}/oauth2/v2.0/token`, headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope }).toString(),
    });
    // Entra says with 400 too that it is busy: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
    if (Busy.safeParse(body).success) throw new ProviderError('unreachable');
    if (status === 400 || status === 401 || status === 403) throw new ProviderError('denied');
    const { data } = Token.safeParse(body);
    if (status !== 200 || !data) throw new ProviderError('unreachable');
    this.#kept = { token: data.access_token, until: Date.now() + data.expires_in * 1000 - marginMs };
    return data.access_token;
  }
}
