import type { ReceiptDefinition } from '../manifest/manifest.ts';
import type { Reason } from '../model/reason.ts';
import type { CompiledRule } from '../policy/compiled-rule.ts';
import { type DecisionInput, toolOf } from './input.ts';
import { quote } from '../policy/quote.ts';

/**
 * The receipts that the call must show: those of the tool's manifest, then those of the rules. A
 * receipt counts when the kernel minted it in this session for the same subject and exactly the
 * content that is there now, and it has not expired.
 */
export function checkPreconditions(input: DecisionInput, rules: readonly CompiledRule[]): Reason | undefined {
  for (const { receipt, subject } of toolOf(input)?.requires ?? []) {
    const reason = checkReceipt(input, receipt, subject);
    if (reason !== undefined) return reason;
  }
  return checkRuleReceipts(input, rules);
}

/** The receipts that rules ask for, without those of the manifest. */
export function checkRuleReceipts(input: DecisionInput, rules: readonly CompiledRule[]): Reason | undefined {
  for (const { rule } of rules) {
    for (const receipt of rule.requires) {
      const reason = checkReceipt(input, receipt, input.receipts.get(receipt)?.subject);
      if (reason !== undefined) return { ...reason, rule: rule.name };
    }
  }
  return undefined;
}

function checkReceipt(
  input: DecisionInput,
  receipt: string,
  argument: string | undefined,
): Reason | undefined {
  const definition = input.receipts.get(receipt);
  if (definition === undefined || argument === undefined) {
    return failed(
      `the receipt ${quote(receipt)} is defined by no manifest`,
      'ask the owner of the manifests',
    );
  }
  const { args, nowMs } = input.request;
  const subject = Object.hasOwn(args, argument) ? args[argument] : undefined;
  if (typeof subject !== 'string') {
    return failed(
      `the argument ${quote(argument)} must name the content that ${quote(receipt)} is about`,
      `set ${quote(argument)} to a string`,
    );
  }
  const about = `${quote(receipt)} for ${quote(subject)}`;
  const earn = remedyOf(definition, subject);
  const held = input.snapshot.receipts.filter(({ name, subject: of }) => name === receipt && of === subject);
  if (held.length === 0) return failed(`the session holds no receipt ${about}`, earn);
  const content = input.facts.contents.find((fact) => fact.receipt === receipt && fact.subject === subject);
  if (content === undefined) {
    return failed(`the content that the receipt ${about} speaks of could not be read`, earn);
  }
  const same = held.filter(({ sha256 }) => sha256 === content.sha256);
  if (same.length === 0) return failed(`the content has changed since the receipt ${about} was minted`, earn);
  if (same.some(({ expiresAtMs }) => expiresAtMs > nowMs)) return undefined;
  return failed(`the receipt ${about} has expired`, earn);
}

function remedyOf({ mintedBy, server, subject }: ReceiptDefinition, value: string): string {
  return `call ${quote(mintedBy)} on ${quote(server)} with ${quote(subject)} set to ${quote(value)} first`;
}

function failed(message: string, remedy: string): Reason {
  return { code: 'PRECONDITION_FAILED', phase: 'preconditions', message, remedy };
}
