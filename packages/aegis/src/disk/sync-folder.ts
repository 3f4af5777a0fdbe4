import { open } from 'node:fs/promises';

/** Makes the names in a folder durable: those that came, went or were changed (`fsync(2)`). */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no such flush, and refuses to open a folder.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
