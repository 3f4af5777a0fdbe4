/** Calls that bring something from elsewhere. */
export const DOWNLOADS: ReadonlySet<string> = new Set([
  'fetch',
  'axios',
  'axios.get',
  'axios.request',
  'got',
  'got.get',
  'node-fetch',
  'http.get',
  'https.get',
  'undici.fetch',
  'undici.request',
  'requests.get',
  'requests.request',
  'httpx.get',
  'urllib.request.urlopen',
  'urllib.request.urlretrieve',
  'urllib2.urlopen',
  'urlopen',
  'net/http.Get',
]);

/** Calls that can carry something away. */
export const UPLOADS: ReadonlySet<string> = new Set([
  ...DOWNLOADS,
  'axios.post',
  'axios.put',
  'got.post',
  'got.put',
  'http.request',
  'https.request',
  'requests.post',
  'requests.put',
  'requests.patch',
  'httpx.post',
  'httpx.put',
  'urllib.request.Request',
  'http.client.HTTPSConnection',
  'http.client.HTTPConnection',
  'socket.create_connection',
  'socket.socket',
  'net.connect',
  'net.createConnection',
  'net.Socket',
  'dgram.createSocket',
  'dns.resolve',
  'dns.lookup',
  'WebSocket',
  'ws',
  'smtplib.SMTP',
  'smtplib.SMTP_SSL',
  'nodemailer.createTransport',
  'navigator.sendBeacon',
  'net/http.Post',
  'net/http.PostForm',
  'net/http.NewRequest',
  'net.Dial',
]);

/** Calls that turn a text which nobody reads into one that runs. */
export const DECODERS: ReadonlySet<string> = new Set([
  'atob',
  'Buffer.from',
  'buffer.Buffer.from',
  'String.fromCharCode',
  'String.fromCodePoint',
  'unescape',
  'decodeURIComponent',
  'zlib.gunzipSync',
  'zlib.inflateSync',
  'zlib.brotliDecompressSync',
  'base64.b64decode',
  'base64.b32decode',
  'base64.b85decode',
  'base64.urlsafe_b64decode',
  'base64.decodebytes',
  'codecs.decode',
  'binascii.unhexlify',
  'binascii.a2b_base64',
  'bytes.fromhex',
  'bytearray.fromhex',
  'zlib.decompress',
  'gzip.decompress',
  'lzma.decompress',
  'bz2.decompress',
  'marshal.loads',
]);

/** Calls that read or write files, by what they do; the first argument is the path. */
export const FILE_CALLS: ReadonlyMap<string, 'read' | 'write' | 'both'> = new Map<
  string,
  'read' | 'write' | 'both'
>([
  ...[
    'readFile',
    'readFileSync',
    'createReadStream',
    'readdir',
    'readdirSync',
    'opendir',
    'stat',
    'statSync',
    'access',
    'existsSync',
    'readlink',
  ].flatMap((name) => inFs(name, 'read')),
  ...[
    'writeFile',
    'writeFileSync',
    'appendFile',
    'appendFileSync',
    'createWriteStream',
    'unlink',
    'unlinkSync',
    'rm',
    'rmSync',
    'rmdir',
    'mkdir',
    'mkdirSync',
    'truncate',
  ].flatMap((name) => inFs(name, 'write')),
  ...['open', 'openSync', 'rename', 'copyFile', 'cp'].flatMap((name) => inFs(name, 'both')),
  ...(
    ['open', 'io.open', 'os.open', 'codecs.open', 'aiofiles.open', 'shutil.copy', 'shutil.move'] as const
  ).map((name) => [name, 'both'] as const),
  ...(['pathlib.Path', 'Path', 'os.listdir', 'os.walk', 'os.scandir', 'glob.glob'] as const).map(
    (name) => [name, 'read'] as const,
  ),
  ...(['os.remove', 'os.unlink', 'os.makedirs', 'os.mkdir', 'shutil.rmtree'] as const).map(
    (name) => [name, 'write'] as const,
  ),
  ...(['os.ReadFile', 'os.Open', 'os.ReadDir', 'ioutil.ReadFile', 'io/ioutil.ReadFile'] as const).map(
    (name) => [name, 'read'] as const,
  ),
  ...(['os.WriteFile', 'os.Create', 'os.Remove', 'os.RemoveAll', 'os.MkdirAll'] as const).map(
    (name) => [name, 'write'] as const,
  ),
]);

function inFs<What extends 'read' | 'write' | 'both'>(name: string, what: What): (readonly [string, What])[] {
  return ['fs', 'fs/promises', 'fs.promises', 'fs-extra'].map(
    (module) => [`${module}.${name}`, what] as const,
  );
}
