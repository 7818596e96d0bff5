/** Roles of people: what an account may do in one project, or in every project of the installation. */
import { z } from 'zod';

/** From the least to the most: each may do what the ones before it may. */
export const roles = ['reader', 'member', 'administrator'] as const;
export const Role = z.enum(roles);
export type Role = z.output<typeof Role>;
/** Where a role holds: in one project, or in the whole installation. */
export const Scope = z.enum(['project', 'installation']);
export type Scope = z.output<typeof Scope>;
