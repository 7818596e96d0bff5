/** Who may call what: the one rule that the gateway and control both ask. Deny is what is left over. */
import type { Principal } from './internal/principal.ts';

/**
 * Who may call:
 * - `none`: anyone;
 * - `inference`: an endpoint key for its own deployment, a project token, a member of the project, or an administrator;
 * - `read`: whoever may read in the project: a reader or more, or a project token;
 * - `project`: whoever may change things in the project: a member or more, or a project token;
 * - `people`: an administrator of the project;
 * - `administrator`: an administrator of the installation, by credential or account, or the user of `modelkeep up` over the local socket.
 */
export type Access = 'none' | 'inference' | 'read' | 'project' | 'people' | 'administrator';

/** What somebody is in the project that a request acts in. */
type Standing = 'installation_administrator' | 'project_administrator' | 'member' | 'reader' | 'endpoint' | 'nobody';

const allowed: Record<Access, readonly Standing[]> = {
  none: ['installation_administrator', 'project_administrator', 'member', 'reader', 'endpoint', 'nobody'],
  inference: ['installation_administrator', 'project_administrator', 'member', 'endpoint'],
  read: ['installation_administrator', 'project_administrator', 'member', 'reader'],
  project: ['installation_administrator', 'project_administrator', 'member'],
  people: ['installation_administrator', 'project_administrator'],
  administrator: ['installation_administrator'],
};

function standing({ kind, role, scope }: Principal): Standing {
  switch (kind) {
    case 'local_user': case 'administrator': return 'installation_administrator';
    case 'project_token': return 'member';
    case 'endpoint_key': return 'endpoint';
    case 'account': return role === 'administrator' ? (scope === 'installation' ? 'installation_administrator' : 'project_administrator') : role ?? 'nobody';
  }
}

export function mayCall(principal: Principal, access: Access): boolean { return allowed[access].includes(standing(principal)); }

/** True for those to whom every project of the installation is open. */
export function seesEveryProject({ kind, scope }: Principal): boolean { return kind === 'local_user' || kind === 'administrator' || (kind === 'account' && scope === 'installation'); }

/** Whose word opens a file: `works`, those who work in its project (a member by account, or a token that one of them made); else the one principal, and whoever made it. */
export interface Opener { works: boolean; id: string; madeBy: string | null }
/** Operators (administrators of the installation, the user of `modelkeep up`, tokens that they made) open what they uploaded themselves and nothing else (P19). */
export const mayOpen = ({ works, id, madeBy }: Opener, uploadedBy: string): boolean => works || id === uploadedBy || madeBy === uploadedBy;

/** Whether somebody works in the project, rather than operates the installation. A token does as far as its maker did. */
export const worksInProject = ({ kind, role, scope }: Principal): boolean => kind === 'account' && (role === 'member' || (role === 'administrator' && scope === 'project'));
