import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceOwnFile } from '../disk/put.ts';

/** Keeps one text for one key: what is lost is made again. */
export interface Snapshots {
  /** Undefined for another key, and for whatever was not written by `write`. Never rejects. */
  readonly read: (key: string) => Promise<string | undefined>;
  /** Never rejects: what cannot be kept is made again. */
  readonly write: (key: string, text: string) => Promise<void>;
}

/** Largest snapshot that is read, in bytes. */
const MAX_BYTES = 256 * 1024 * 1024;
const SECRET_BYTES = 32;

/**
 * Snapshots in a folder, with a code by a key that lies there and that only the owner of this process can read.
 *
 * SECURITY: whoever could write here could say what the policy is. A text counts when it has the code of the key, and
 * both files are plain files of this user that nobody else may touch: then it was this user, who can change the policy
 * itself.
 */
export function snapshotsIn(folder: string): Snapshots {
  const file = join(folder, 'policy.snapshot');
  const keyFile = join(folder, 'policy.key');
  return {
    read: async (key) => {
      try {
        const secret = await readOwn(keyFile);
        const written = (await readOwn(file)).toString('utf8');
        const end = written.indexOf('\n');
        const text = written.slice(end + 1);
        return isSame(written.slice(0, end), codeOf(secret, key, text)) ? text : undefined;
      } catch {
        return undefined;
      }
    },
    write: async (key, text) => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const secret = await readOwn(keyFile).catch(() => newSecret(keyFile));
        await replaceOwnFile(file, `${codeOf(secret, key, text)}\n${text}`);
      } catch {
        // A folder that cannot be written has no snapshots.
      }
    },
  };
}

function codeOf(secret: Buffer, key: string, text: string): string {
  if (secret.length !== SECRET_BYTES) throw new RangeError('this is not a key');
  return createHmac('sha256', secret).update(`${key}\n`).update(text).digest('hex');
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

async function newSecret(file: string): Promise<Buffer> {
  const secret = randomBytes(SECRET_BYTES);
  await replaceOwnFile(file, secret);
  return secret;
}

/** Fails for a link, for what is no file, and for what another user owns, reads or writes. */
async function readOwn(file: string): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const { mode, uid, size } = await handle.stat();
    const me = process.getuid?.();
    const own = me === undefined || (uid === me && (mode & 0o077) === 0);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG || !own || size > MAX_BYTES) {
      throw new Error(`\`${file}\` is not a file of this user alone`);
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
