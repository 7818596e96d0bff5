/** A browser's description of itself, reduced to two words of closed lists. */
import type { Browser, System } from '#contract/browsers.ts';

/** In this order, since each also names those below it. */
const browsers: readonly [RegExp, Browser][] = [[/\bEdgA?\//, 'Edge'], [/\bOPR\//, 'Opera'], [/\bFirefox\//, 'Firefox'], [/\bChrome\//, 'Chrome'], [/\bSafari\//, 'Safari']];
const systems: readonly [RegExp, System][] = [[/\bAndroid\b/, 'Android'], [/\biP(?:hone|ad)\b/, 'iOS'], [/\bWindows\b/, 'Windows'], [/\bMac OS X\b/, 'macOS'], [/\bLinux\b/, 'Linux']];

export const browserOf = (userAgent = ''): Browser => browsers.find(([mark]) => mark.test(userAgent))?.[1] ?? 'other';
export const systemOf = (userAgent = ''): System => systems.find(([mark]) => mark.test(userAgent))?.[1] ?? 'other';
