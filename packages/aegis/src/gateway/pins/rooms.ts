import type { Share } from './allowance.ts';

export interface Room extends Share {
  /** Names that were never seen. */
  readonly names: number;
}

/** What is left to each server while a batch is put together. */
export class Rooms {
  readonly #left: (server: string) => Room;
  readonly #rooms = new Map<string, Room>();

  constructor(left: (server: string) => Room) {
    this.#left = left;
  }

  /** Takes a part of a server's room, or says that there is none. */
  take(server: string, { bytes, changes, names }: Room): boolean {
    const left = this.#rooms.get(server) ?? this.#left(server);
    if (left.bytes < bytes || left.changes < changes || left.names < names) return false;
    this.#rooms.set(server, {
      bytes: left.bytes - bytes,
      changes: left.changes - changes,
      names: left.names - names,
    });
    return true;
  }
}
