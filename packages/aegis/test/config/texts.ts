import { formatVerifierKey, verifierKey } from '@aegis/core';
import { digest } from '../../src/platform.ts';

export const PATTERN = '[[guards.patterns]]\n';
export const STDIO = '[[servers]]\nname = "s"\ncommand = ["run"]\n';
export const HTTP = '[[servers]]\nname = "h"\nurl = "https://mcp.example.org/mcp"\n';
export const SECURE = `[daemon.tls]\ncert = "/c.pem"\nkey = { file = "k.pem" }\nclient_ca = "/r.pem"
[[agents]]\nname = "a"\ncertificate = { dns = "a.test" }`;
export const ISSUED = `[oauth]\nissuer = "https://id.test"\naudience = "https://gate.test/mcp"\njwks = "https://id.test/jwks"
claim = "client_id"\nscopes = ["act"]\ntyp = "JWT"\nalgorithms = ["ES256"]\n[[agents]]\nname = "a"\nsubject = "s"`;
/** Two witnesses, with keys that nobody has. */
export const WITNESSED = `[ledger]
witnesses = [
  { url = "https://w1.example.org/", key = "${witnessKey('w1', 1)}" },
  { url = "https://w2.example.org/", key = "${witnessKey('w2', 2)}" },
]
`;

/** The key of a log. */
export function logKey(): string {
  return formatVerifierKey(verifierKey('aegis', 'ed25519', new Uint8Array(32), digest));
}

/** The key of a witness that nobody has. */
export function witnessKey(name: string, byte: number): string {
  return formatVerifierKey(verifierKey(name, 'ed25519-cosignature', new Uint8Array(32).fill(byte), digest));
}
