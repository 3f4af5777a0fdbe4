import { CREDENTIAL_READS } from './families/credential-read.ts';
import { DESTRUCTIVE } from './families/destructive.ts';
import { DOWNLOAD_AND_RUN } from './families/download-and-run.ts';
import { EVASION } from './families/evasion.ts';
import { EXFILTRATION } from './families/exfiltration.ts';
import { MCP_SPECIFIC } from './families/mcp.ts';
import { PERSISTENCE } from './families/persistence.ts';
import { PRIVILEGE } from './families/privilege.ts';
import { RECONNAISSANCE } from './families/reconnaissance.ts';
import { SUPPLY_CHAIN } from './families/supply-chain.ts';
import { THREAT_FAMILIES, type Threat, type ThreatEntry, type ThreatFamily, threatOf } from './threat.ts';

/** Rises with every threat that is added, changed or taken out. */
export const THREATS_VERSION = '1.0.0';

const BY_FAMILY: Readonly<Record<ThreatFamily, readonly ThreatEntry[]>> = {
  'credential-read': CREDENTIAL_READS,
  persistence: PERSISTENCE,
  destructive: DESTRUCTIVE,
  'download-and-run': DOWNLOAD_AND_RUN,
  exfiltration: EXFILTRATION,
  privilege: PRIVILEGE,
  reconnaissance: RECONNAISSANCE,
  'supply-chain': SUPPLY_CHAIN,
  evasion: EVASION,
  mcp: MCP_SPECIFIC,
};

/** Every threat that has a name, by family. Adding one means adding an entry to its family. */
export const THREATS: readonly Threat[] = THREAT_FAMILIES.flatMap((family) =>
  BY_FAMILY[family].map((entry) => threatOf(family, entry)),
);
