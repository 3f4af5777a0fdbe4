import { aegis } from './aegis.ts';
import { NPM_PEERS, SDK_PEERS } from './peers.ts';
import { direct, nginx, parsing, recording, relay, sealing } from './references.ts';
import type { TargetKind } from './target.ts';

/** Everything that can be measured, in the order of the report. */
export const KINDS: readonly TargetKind[] = [
  direct,
  nginx,
  relay,
  parsing,
  sealing,
  recording,
  aegis('P0'),
  aegis('P1'),
  aegis('P2'),
  aegis('P3'),
  ...SDK_PEERS,
  ...NPM_PEERS,
];
