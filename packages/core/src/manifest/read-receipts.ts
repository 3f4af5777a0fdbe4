import { onlyReads } from '../model/capability.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import {
  fault,
  type Report,
  readCount,
  readLine,
  readTable,
  refuseUnknownKeys,
  type SourcePath,
} from '../source/report.ts';
import { didYouMean } from '../source/suggest.ts';
import type { ReceiptDefinition, ToolManifest } from './manifest.ts';

const MAX_NAME_LENGTH = 256;
const MAX_TTL_MS = 30 * 24 * 3_600_000;

/** Reads the receipts that a server's tools can earn. */
export function readReceipts(
  report: Report,
  value: JsonValue | undefined,
  server: string,
  tools: ReadonlyMap<string, ToolManifest>,
): readonly ReceiptDefinition[] {
  const table = value === undefined ? undefined : readTable(report, ['receipts'], value);
  return Object.entries(table ?? {}).flatMap(([name, entry]) => {
    const receipt = new ReceiptReader(report, ['receipts', name], tools).read(name, entry, server);
    return receipt === undefined ? [] : [receipt];
  });
}

class ReceiptReader {
  readonly #report: Report;
  readonly #path: SourcePath;
  readonly #tools: ReadonlyMap<string, ToolManifest>;

  constructor(report: Report, path: SourcePath, tools: ReadonlyMap<string, ToolManifest>) {
    this.#report = report;
    this.#path = path;
    this.#tools = tools;
  }

  read(name: string, value: JsonValue, server: string): ReceiptDefinition | undefined {
    const table = readTable(this.#report, this.#path, value);
    if (table === undefined) return undefined;
    refuseUnknownKeys(this.#report, this.#path, table, ['minted_by', 'when', 'subject', 'content', 'ttl_ms']);
    const mintedBy = this.#tool(['minted_by'], table['minted_by']);
    const subject = this.#line(['subject'], table['subject']);
    const when = this.#when(table['when']);
    const content = this.#content(table['content']);
    const ttlMs =
      table['ttl_ms'] === undefined
        ? this.#missing('ttl_ms')
        : readCount(this.#report, [...this.#path, 'ttl_ms'], table['ttl_ms'], MAX_TTL_MS);
    if (mintedBy === undefined || subject === undefined || when === undefined) return undefined;
    if (content === undefined || ttlMs === undefined) return undefined;
    return { name, server, mintedBy: mintedBy.name, when, subject, content, ttlMs };
  }

  #when(value: JsonValue | undefined): JsonObject | undefined {
    if (isJsonObject(value) && Object.keys(value).length > 0) {
      for (const [field, wanted] of Object.entries(value)) {
        if (typeof wanted !== 'object' || wanted === null) continue;
        const message = `\`${field}\` must be a string, a number, a boolean or null`;
        fault(this.#report, [...this.#path, 'when', field], 'wrong-type', message);
      }
      return value;
    }
    return fault(this.#report, [...this.#path, 'when'], 'missing-key', 'a receipt needs `when`', {
      help: 'name the fields of `structuredContent` that prove success, such as `{ valid: true }`',
    });
  }

  #content(value: JsonValue | undefined): ReceiptDefinition['content'] | undefined {
    const path = [...this.#path, 'content'];
    const table = value === undefined ? undefined : readTable(this.#report, path, value);
    if (table === undefined) return value === undefined ? this.#missing('content') : undefined;
    refuseUnknownKeys(this.#report, path, table, ['tool', 'field']);
    const tool = this.#tool(['content', 'tool'], table['tool']);
    const field = this.#line(['content', 'field'], table['field']);
    // SECURITY: the kernel calls this tool by itself, so it must not be able to change anything.
    const writes = tool?.capabilities.find((capability) => !onlyReads(capability));
    if (writes !== undefined) {
      const help = 'the kernel calls this tool by itself: it may only have read capabilities';
      return fault(
        this.#report,
        [...path, 'tool'],
        'not-read-only',
        `\`${tool?.name}\` declares \`${writes}\``,
        {
          help,
        },
      );
    }
    return tool === undefined || field === undefined ? undefined : { tool: tool.name, field };
  }

  #tool(path: SourcePath, value: JsonValue | undefined): ToolManifest | undefined {
    const name = this.#line(path, value);
    const tool = name === undefined ? undefined : this.#tools.get(name);
    if (tool !== undefined || name === undefined) return tool;
    return fault(
      this.#report,
      [...this.#path, ...path],
      'unknown-tool',
      `no tool \`${name}\` in this manifest`,
      {
        help: didYouMean(name, [...this.#tools.keys()]),
      },
    );
  }

  #line(path: SourcePath, value: JsonValue | undefined): string | undefined {
    if (value === undefined) return this.#missing(path.join('.'));
    return readLine(this.#report, [...this.#path, ...path], value, MAX_NAME_LENGTH);
  }

  #missing(key: string): undefined {
    return fault(this.#report, this.#path, 'missing-key', `a receipt needs \`${key}\``);
  }
}
