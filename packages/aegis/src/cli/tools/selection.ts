import { AegisError, suggest } from '@aegis/core';
import type { Pin } from '../../daemon/pinned.ts';
import { visibleName } from './visible.ts';

/** How a person names a tool or prompt: server names have no slash, the others may. */
export function nameOf({ server, name }: Pick<Pin, 'server' | 'name'>): string {
  return `${server}/${name}`;
}

/** Whether it waits for a person: what is offered now is not what was accepted. */
export function waits({ state, offered, broken }: Pin): boolean {
  return !broken && offered !== undefined && (state === 'new' || state === 'changed');
}

/** The ones that a `server` or `server/name` means. Fails with `INPUT_INVALID` for one that means none. */
export function select(pins: readonly Pin[], names: readonly string[]): readonly Pin[] {
  const chosen = new Set<Pin>();
  for (const wanted of names) {
    const found = pins.filter((pin) => wanted === pin.server || wanted === nameOf(pin));
    if (found.length === 0) {
      const near = suggest(wanted, pins.map(nameOf));
      throw new AegisError('INPUT_INVALID', `nothing known as \`${visibleName(wanted)}\``, {
        help:
          near === undefined
            ? '`aegis tools list` shows what is known'
            : `did you mean \`${visibleName(near)}\`?`,
      });
    }
    for (const pin of found) chosen.add(pin);
  }
  return [...chosen];
}
