/** Retention: what is kept of a request after it was answered. Nothing is (P2), so there is one mode, and a declared need of another is refused. */
import { z } from 'zod';

/** The mode in which content is handled. */
export const RetentionMode = z.enum(['none']);
export type RetentionMode = z.output<typeof RetentionMode>;

/** What a model or an engine declares that it must keep to work. Anything but `none` is refused at admission: `retention_not_supported`. */
export const RetentionNeed = z.enum(['none', 'inputs', 'outputs', 'inputs_and_outputs']);
export type RetentionNeed = z.output<typeof RetentionNeed>;
