/** Beginnings of files that a machine runs or loads. */
const MAGIC: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x7f, 0x45, 0x4c, 0x46], 'a compiled program (ELF)'],
  [[0x4d, 0x5a], 'a compiled program (PE)'],
  [[0xcf, 0xfa, 0xed, 0xfe], 'a compiled program (Mach-O)'],
  [[0xce, 0xfa, 0xed, 0xfe], 'a compiled program (Mach-O)'],
  [[0xca, 0xfe, 0xba, 0xbe], 'a compiled program (Mach-O or Java)'],
  [[0x00, 0x61, 0x73, 0x6d], 'a compiled module (WebAssembly)'],
  [[0x50, 0x4b, 0x03, 0x04], 'an archive (ZIP)'],
  [[0x1f, 0x8b], 'an archive (gzip)'],
];

const COMPILED = /\.(?:pyc|pyo|pyd|so|dll|dylib|node|exe|jar|class|whl|scpt)$/i;

/** What a file is that nobody can read and a machine may run; undefined for other files. */
export function executableKind(path: string, bytes: Uint8Array): string | undefined {
  const known = MAGIC.find(([magic]) => magic.every((byte, at) => bytes[at] === byte))?.[1];
  if (known !== undefined) return known;
  return COMPILED.test(path) && bytes.includes(0) ? 'a compiled program' : undefined;
}

/** The text of a file; undefined when it is no text in UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, 8192).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
