/** What is kept of a browser's description of itself: two words of closed lists, enough to know one's own session again. */
import { z } from 'zod';

export const Browser = z.enum(['Chrome', 'Edge', 'Firefox', 'Safari', 'Opera', 'other']);
export type Browser = z.output<typeof Browser>;
export const System = z.enum(['Windows', 'macOS', 'Linux', 'Android', 'iOS', 'other']);
export type System = z.output<typeof System>;
