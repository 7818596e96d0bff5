/** Why a row is refused, as people read it. */
export const rowSentence = (reason: string): string => reason.replaceAll('_', ' ');
