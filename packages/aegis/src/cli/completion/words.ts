import type { ValueKind } from './kinds.ts';

/** The words of a kind of which there is a fixed list; undefined where they depend on what is there. */
export async function knownWords(kind: ValueKind): Promise<readonly string[] | undefined> {
  switch (kind) {
    case 'text':
      return [];
    case 'client':
      return (await import('../../clients/client.ts')).CLIENTS.map(({ id }) => id);
    case 'event type':
      return (await import('@aegis/core')).EVENT_TYPES;
    case 'export format':
      return (await import('@aegis/core')).EXPORT_FORMATS;
    case 'inspected kind':
      return (await import('@aegis/core')).INSPECTED_KINDS;
    case 'role':
      return (await import('@aegis/core')).ROLES;
    case 'severity':
      return (await import('@aegis/core')).SEVERITIES;
    case 'threat':
      return (await import('@aegis/core')).THREATS.map(({ id }) => id);
    case 'threat family':
      return (await import('@aegis/core')).THREAT_FAMILIES;
    default:
      return undefined;
  }
}
