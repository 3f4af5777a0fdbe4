import { CLIENTS, placesOf } from '../../clients/client.ts';
import { hasServers } from '../../clients/wrap.ts';
import { homeFolder } from '../../config/places.ts';
import type { Terminal } from '../command.ts';
import { readText } from '../file/replace.ts';

/** The clients of this machine, by title, that reach a server which is not behind Aegis. */
export async function ungovernedClients({ cwd, environment }: Terminal): Promise<readonly string[]> {
  const surroundings = { platform: process.platform, home: homeFolder(environment), cwd, environment };
  const found = new Set<string>();
  for (const client of CLIENTS) {
    for (const place of placesOf(client, surroundings)) {
      const text = await readText(place.file);
      if (text !== undefined && reaches(() => hasServers(text, place, client))) found.add(client.title);
    }
  }
  return [...found];
}

/** A file that cannot be read says nothing here; `aegis mcp wrap` says what is wrong with it. */
function reaches(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false;
  }
}
