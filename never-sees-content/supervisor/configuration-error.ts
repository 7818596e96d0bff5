/** Something that the user has to change: its message is the sentence to show. */
export class ConfigurationError extends Error {}
