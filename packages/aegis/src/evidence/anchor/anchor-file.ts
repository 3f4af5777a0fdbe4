import { open } from 'node:fs/promises';

/**
 * Appends a note to a file, with an empty line behind it; durable when this resolves. The file is only
 * ever appended to, so that the system can hold everybody to that (`chattr +a`).
 */
export async function appendToAnchor(file: string, note: string): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.appendFile(`${note}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
