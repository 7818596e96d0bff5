/** The studio's entry: providers around the frame. */
// First of all: it takes the code of a sign-in link out of the address.
import './pages/sign-in/link-code.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createDOMRenderer, RendererProvider } from '@fluentui/react-components';
import { Router } from 'wouter';
import { ApiError } from './api/call.ts';
import { Appearance } from './frame/appearance.tsx';
import { Studio } from './frame/studio.tsx';
import './frame/reset.css';

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });
/** A refusal stays one however often it is asked for; only a server that is away is asked again. */
const mayReturn = (error: Error): boolean => error instanceof ApiError && (error.code === 'unreachable' || error.code === 'control_unavailable');
const client = new QueryClient({
  defaultOptions: { queries: { retry: (count, error) => mayReturn(error) && count < 20, retryDelay: 1500, staleTime: 2000, networkMode: 'always' }, mutations: { retry: false, networkMode: 'always' } },
});
const root = document.getElementById('studio');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <RendererProvider renderer={renderer} targetDocument={document}>
        <QueryClientProvider client={client}>
          <Appearance><Router base="/studio"><Studio /></Router></Appearance>
        </QueryClientProvider>
      </RendererProvider>
    </StrictMode>,
  );
}
