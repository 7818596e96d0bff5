/** Audits of the installation: canaries planted through every route, then searched for in every byte that it keeps or sends. */
import { z } from 'zod';
import { pub } from '../marks.ts';
import { AuditId, Digest, Time } from '../names.ts';
import { operation } from '../operation.ts';

/** Why an audit has no report. That it found something is no failure of the audit. */
export const AuditFailure = z.enum(['not_running', 'already_running', 'interrupted', 'api_refused', 'no_model', 'configuration_invalid', 'unexpected']);
export const AuditStep = z.enum(['preparing', 'planting', 'searching']);
export const Audit = z.object({
  id: pub(AuditId),
  /** `unfinished`: it ended without a report. */
  state: pub(z.enum(['running', 'passed', 'failed', 'unfinished'])),
  startedAt: pub(Time), finishedAt: pub(Time.nullable()),
  /** Steps in order. Empty where the audit was started elsewhere. */
  steps: z.array(z.object({ step: pub(AuditStep), done: pub(z.int()), total: pub(z.int()) })),
  failure: pub(AuditFailure.nullable()),
  summary: z.object({
    /** Canaries planted, operations that they went through, and how many were found where they may not be. */
    cells: pub(z.int()), operations: pub(z.int()), leaks: pub(z.int()),
    /** What was searched. */
    places: pub(z.int()), bytes: pub(z.int()), durationS: pub(z.number()), positiveControlFound: pub(z.boolean()),
    /** Checks that do not hold, in words. */
    failures: pub(z.array(z.string())),
    /** Of report.json, as its signature and the ledger have it. */
    reportDigest: pub(Digest),
  }).nullable(),
});
export type Audit = z.output<typeof Audit>;

const params = z.object({ audit: pub(AuditId) });
export const startAudit = operation({
  id: 'startAudit', summary: 'Start an audit of this installation', tag: 'audits', method: 'POST', path: '/api/audits',
  access: 'administrator', servedBy: 'control', status: 201, response: Audit, errors: ['audit_running'],
});
export const listAudits = operation({
  id: 'listAudits', summary: 'Audits of this installation, newest first', tag: 'audits', method: 'GET', path: '/api/audits',
  access: 'administrator', servedBy: 'control', response: z.object({ data: z.array(Audit) }), errors: [],
});
export const showAudit = operation({
  id: 'showAudit', summary: 'An audit: how far it is, then what it came to', tag: 'audits', method: 'GET', path: '/api/audits/{audit}',
  access: 'administrator', servedBy: 'control', params, response: Audit, errors: ['audit_not_found'],
});
/** Texts, byte for byte as they were signed: a browser must not be handed the page as a page of this origin. */
export const showAuditReport = operation({
  id: 'showAuditReport', summary: 'The report of an audit, its signature and its page, each as text', tag: 'audits', method: 'GET', path: '/api/audits/{audit}/report',
  access: 'administrator', servedBy: 'control', params,
  response: z.object({
    report: pub(z.string()), page: pub(z.string().nullable()),
    /** Ed25519 over the SHA-256 of `report`, by a key of key-custody for reports alone (PEM); signature in base64. */
    signature: pub(z.object({ algorithm: z.string(), publicKey: z.string(), signature: z.string(), sha256: z.string() }).nullable()),
  }), errors: ['audit_not_found'],
});
