// Loaded before the product: names that a container network would resolve.
import dns from 'node:dns';

const hosts: Readonly<Record<string, string>> = JSON.parse(process.env['HOST_NAMES'] ?? '{}');
const { lookup } = dns;
dns.lookup = ((host: string, ...rest: unknown[]) =>
  (lookup as (...args: unknown[]) => void)(hosts[host] ?? host, ...rest)) as typeof lookup;
