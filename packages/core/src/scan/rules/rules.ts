import type { ScanRule } from '../rule.ts';
import { builtCommand, unknownCommand, unknownProgram } from './commands.ts';
import { unsafeDeserialisation } from './deserialisation.ts';
import { dynamicImport, evaluation, loadedCode, tooComplex } from './evaluation.ts';
import { ENTRY_RULES } from './entries.ts';
import { openListener, worldWritable } from './exposure.ts';
import { bareAddress, collector, metadataService } from './hosts.ts';
import { DEFINITION_RULES } from './definitions.ts';
import { promptInjection } from './instructions.ts';
import {
  characterCodes,
  encodedBlob,
  generatedNames,
  invisibleCharacters,
  splitName,
} from './obfuscation.ts';
import { imitatedName, installScript, setupHook, unpinnedSource } from './packages.ts';
import { credentialFile, environmentDump, exfiltration, hardCodedSecret } from './secrets.ts';
import { shellRules } from './shell-text.ts';
import { broadTools } from './skill.ts';
import { tlsOff } from './transport.ts';
import { uncheckedPath } from './traversal.ts';

/** Every bad pattern that is looked for in a source. Adding one means adding a line. */
export const SOURCE_RULES: readonly ScanRule[] = [
  builtCommand,
  unknownCommand,
  unknownProgram,
  evaluation,
  loadedCode,
  dynamicImport,
  tooComplex,
  unsafeDeserialisation,
  collector,
  metadataService,
  bareAddress,
  tlsOff,
  openListener,
  worldWritable,
  uncheckedPath,
  hardCodedSecret,
  credentialFile,
  environmentDump,
  exfiltration,
  encodedBlob,
  characterCodes,
  generatedNames,
  invisibleCharacters,
  splitName,
  promptInjection,
  broadTools,
  installScript,
  setupHook,
  unpinnedSource,
  imitatedName,
  ...shellRules,
];

/** Every rule, with those about files that are no text and about what a server offers. */
export const SCAN_RULES: readonly Omit<ScanRule, 'find'>[] = [
  ...SOURCE_RULES,
  ...ENTRY_RULES,
  ...DEFINITION_RULES,
];
