import { draftAgentManifest, draftOfSkill, draftServerManifest, type ScanReport } from '@aegis/core';
import type { ConfiguredServer } from '../../config/configured/parties.ts';
import type { ListedServer, ReadFolder } from '../../daemon/scan.ts';
import { sha256 } from '../../platform.ts';

/** The draft of a manifest for what was read of a folder. */
export function draftForFolder({ name, entries, digests }: ReadFolder, { reach }: ScanReport): string {
  return draftAgentManifest(draftOfSkill({ folder: name, entries, reach, digests, sha256 }));
}

/** The draft of a manifest for a server that was asked. */
export function draftForServer({ name }: ConfiguredServer, { tools, folders }: ListedServer): string {
  return draftServerManifest({ server: name, tools, folders });
}
