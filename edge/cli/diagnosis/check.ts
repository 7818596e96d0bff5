/** One finding of `modelkeep doctor`: `bad` where something does not work, `weaker` where it works with less. */
export interface Check { name: string; state: 'good' | 'weaker' | 'bad'; says: string; repair?: string }
