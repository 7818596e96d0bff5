/** Who an entry names, by its kind: for those that no name is known of. */
const actorKinds: Readonly<Record<string, string>> = { local_user: 'User of modelkeep up', administrator: 'Administrator credential', project_token: 'Project token', account: 'Account', system: 'Modelkeep itself' };
export const actorInWords = ({ kind }: { kind: string }): string => actorKinds[kind] ?? kind;
