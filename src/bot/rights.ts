import type { ScopeSettings } from '../domain/scope-settings.ts';
import type { Actor, Right } from '../domain/surface.ts';

/** Whether somebody may do what needs this right. The one place where it is decided, whatever the surface. */
export function hasRight(right: Right, { manager, roles }: Actor, { trainerRoles }: ScopeSettings): boolean {
  switch (right) {
    case 'everyone':
      return true;
    case 'trainer':
      return manager || roles.some((role) => trainerRoles.includes(role));
    case 'manager':
      return manager;
  }
}
