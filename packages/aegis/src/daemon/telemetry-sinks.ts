import { readFile } from 'node:fs/promises';
import { AegisError, type ExportFormat, messageOf } from '@aegis/core';
import type { ConfiguredValue } from '../config/configured/parties.ts';
import type { ConfiguredDestination } from '../config/configured/telemetry.ts';
import { isLoopback } from '../config/loopback.ts';
import { DesktopNotifier } from '../desktop/notifier.ts';
import { systemClock } from '../platform.ts';
import type { SecretStore } from '../ports.ts';
import { DeadLetters } from '../telemetry/sinks/dead-letters.ts';
import { DesktopSink, type Show } from '../telemetry/sinks/desktop.ts';
import { FileSink } from '../telemetry/sinks/file.ts';
import { HttpSink } from '../telemetry/sinks/http.ts';
import { RenewedSink } from '../telemetry/sinks/renewed.ts';
import type { Sink } from '../telemetry/sinks/sink.ts';
import { SyslogSink } from '../telemetry/sinks/syslog/syslog.ts';
import type { Environment } from './environment.ts';

/** What sinks are opened with. */
export interface SinkParts {
  readonly secrets: SecretStore;
  readonly environment: Environment;
  /** Hears what goes wrong. */
  readonly warn: (text: string) => void;
}

type Opened = Parameters<typeof openSink>;

/** The sinks of a daemon; those that post are opened anew when a credential of theirs has changed. */
export class ChangingSinks {
  readonly #parts: SinkParts;
  readonly #posting: { readonly sink: RenewedSink; readonly asked: [Opened[0], Opened[1]] }[] = [];

  constructor(parts: SinkParts) {
    this.#parts = parts;
  }

  /** Fails with `CONFIG_INVALID` when what a sink needs is missing. */
  async open(...asked: [Opened[0], Opened[1]]): Promise<Sink> {
    const sink = await openSink(...asked, this.#parts);
    if (asked[1].kind !== 'url') return sink;
    const posting = new RenewedSink(sink);
    this.#posting.push({ sink: posting, asked });
    return posting;
  }

  /** Reads the credentials anew; one that cannot be had leaves its sink as it is. Never rejects. */
  async renew(): Promise<void> {
    for (const { sink, asked } of this.#posting) {
      try {
        sink.renew(await openSink(...asked, this.#parts));
      } catch (error) {
        const why = error instanceof Error ? error.message : 'unknown problem';
        this.#parts.warn(`${asked[0].name} goes on as it was: ${why.replaceAll(/\s*\n\s*/g, '; ')}`);
      }
    }
  }
}

/** Opens where a follower or an alert brings what it has. Fails with `CONFIG_INVALID` when what it needs is missing. */
async function openSink(
  { name, format }: { readonly name: string; readonly format: ExportFormat },
  to: ConfiguredDestination,
  { secrets, environment, warn }: SinkParts,
): Promise<Sink> {
  switch (to.kind) {
    case 'file':
      return new FileSink(to.file);
    case 'desktop':
      return new DesktopSink(showOn(environment));
    case 'syslog': {
      const { transport: kind, host, port, ca } = to;
      const believed = ca === undefined ? {} : { ca: await certificates(name, ca) };
      return new SyslogSink({
        ...kept(to),
        name,
        warn,
        to: kind === 'udp' ? { kind, host, port } : { kind, host, port, ...believed },
      });
    }
    case 'url': {
      const reveal = async (value: ConfiguredValue): Promise<string> =>
        typeof value === 'string' ? value : (await secrets.resolve(value, `follower \`${name}\``)).reveal();
      const url = await reveal(to.url);
      requirePrivate(name, url);
      const headers = await Promise.all(
        Object.entries(to.headers).map(async ([header, value]) => [header, await reveal(value)] as const),
      );
      return new HttpSink({
        ...kept(to),
        name,
        warn,
        url,
        headers: Object.fromEntries(headers),
        secret: to.secret === undefined ? undefined : await reveal(to.secret),
        message: (lines) => messageOf(format, lines),
        clock: systemClock,
      });
    }
  }
}

function showOn(environment: Environment): Show {
  const notifier = new DesktopNotifier(environment);
  return (title, text, signal) => notifier.show(title, text, signal);
}

function kept({ attempts, deadLetters }: { readonly attempts: number; readonly deadLetters: string }) {
  return { attempts, deadLetters: new DeadLetters(deadLetters, systemClock) };
}

function requirePrivate(name: string, url: string): void {
  const address = URL.parse(url);
  if (address?.protocol === 'https:' || (address?.protocol === 'http:' && isLoopback(address.hostname)))
    return;
  throw new AegisError('CONFIG_INVALID', `\`${name}\`: events are posted to an https address`);
}

async function certificates(name: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new AegisError('CONFIG_INVALID', `\`${name}\`: cannot read \`${file}\`: ${code}`);
  }
}
