import { foundDenying } from './effects.ts';
import { field, isKnown } from './field.ts';
import { readUrlOf } from './object.ts';
import { placesOf } from './place.ts';
import type { Reader } from './reader.ts';
import { childScope, type Scope } from './scope.ts';

// Code of other languages is not parsed: what it calls is looked for, whatever the language, and the
// texts in it are read as the shell commands, files and URLs that they may be.

const RUNS =
  /\b(?:os\.(?:system|popen|exec\w*|spawn\w*|posix_spawn)|subprocess|pty\.spawn|commands\.getoutput|child_process|execSync|spawnSync|execFile\w*|shell_exec|passthru|proc_open|pcntl_exec|popen[23]?|IO\.popen|Open3|os\.execute|io\.popen|Kernel\.\w+|ProcessBuilder|getRuntime|do shell script|vim\.fn\.system|dofile)\b|\b(?:system|exec|spawn|fork)\b\s*[("'`$@[{]|\bqx\b|%x[({[]|`[^`]+`|\|\s*getline|print[^;|]{0,200}\|\s*"|\|&/;

const SOCKET =
  /\b(?:socket|fsockopen|stream_socket_client|TCPSocket|TCPServer|UDPSocket|IO::Socket|Socket::INET|socket\.socket|create_connection|net\.(?:connect|Socket|createConnection|createServer)|new Socket|ztcp)\b|\/inet\d?\/(?:tcp|udp)\//;

const FETCHES =
  /\b(?:urllib|urlopen|urlretrieve|requests\.\w+|httpx?\.\w+|http\.client|aiohttp|LWP::|HTTP::Tiny|Net::HTTP|open-uri|URI\.open|curl_exec|curl_init|fetch|axios|https?\.(?:get|request)|file_get_contents\s*\(\s*["']https?)\b/;

const DELETES =
  /\b(?:shutil\.rmtree|os\.(?:remove|unlink|rmdir|removedirs)|send2trash|FileUtils\.(?:rm\w*|remove\w*)|File\.(?:delete|unlink)|Dir\.(?:delete|rmdir)|rmSync|rmdirSync|unlinkSync|fs(?:Promises|\.promises)?\.(?:rm|rmdir|unlink)|rimraf|remove_tree|rmtree|os\.remove)\b|\.(?:unlink|rmdir)\s*\(|\bunlink\b\s*[("'$]/;

const RUNS_TEXT =
  /\b(?:exec|eval|compile|instance_eval|class_eval|Function|loadstring|assert|create_function)\b\s*[("'$]/;

const DECODES =
  /\b(?:b64decode|base64_decode|decode_base64|decode64|unhexlify|fromhex|from_hex|atob|rot13|str_rot13|gzinflate|marshal\.loads|pickle\.loads)\b|["'](?:base64|hex)["']|\bunpack\b\s{0,20}[(]?\s{0,20}["'](?:m|H|u)/;

const WRITES =
  /\bopen\s*\([^)]{0,200},\s{0,20}["'](?:[wax]|r\+)|\b(?:writeFile\w*|appendFile\w*|file_put_contents|fwrite|write_text|write_bytes|File\.write|createWriteStream)\b/;

const TIES =
  /\b(?:dup2|fdopen|pty\.spawn|pty\.fork)\b|\/bin\/(?:ba|da|z)?sh|["'](?:ba)?sh["']|cmd(?:\.exe)?["']|:in,\s*:out|STDIN->|>&\s*\d/;

/** Texts of one program that are looked at. */
const MAX_TEXTS = 200;

/** What code of another language does, as far as its calls and its texts tell. */
export function readCode(code: string, scope: Scope, reader: Reader): void {
  const { effects } = reader;
  reader.step();
  effects.capabilities.add('exec');
  if (!isKnown(code) && (RUNS.test(code) || RUNS_TEXT.test(code))) {
    foundDenying(effects, 'shell.dynamic', 'runs code that is put together while it runs');
  }
  const runs = RUNS.test(code);
  const connects = SOCKET.test(code);
  if (connects) {
    effects.capabilities.add('net.egress');
    effects.unknownHost = true;
    if (runs || TIES.test(code)) {
      foundDenying(effects, 'shell.reverse_shell', 'ties programs to a connection');
    }
  }
  if (FETCHES.test(code)) {
    effects.capabilities.add('net.egress');
    effects.unknownHost = true;
    if (RUNS_TEXT.test(code)) {
      foundDenying(effects, 'shell.download_and_run', 'runs code that comes from the network');
    }
  }
  if (DELETES.test(code)) foundDenying(effects, 'shell.destructive', 'code that deletes files');
  if (DECODES.test(code) && (RUNS_TEXT.test(code) || runs)) {
    foundDenying(effects, 'shell.encoded_code', 'runs code that only decoding brings to light');
  }
  if (WRITES.test(code)) effects.capabilities.add('fs.write');
  readTexts(code, runs, scope, reader);
}

const TEXT = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|(?:%x|qx)\s*[({[/]([^)}\]/]*)/g;

/** What follows a text when it is an item of a list: the list may be a command. */
const NEXT_ITEM = /^\s*,\s*$/;

function readTexts(code: string, runs: boolean, scope: Scope, reader: Reader): void {
  let list: string[] = [];
  let end = -1;
  const commands: string[] = [];
  for (const match of [...code.matchAll(TEXT)].slice(0, MAX_TEXTS)) {
    const text = (match[1] ?? match[2] ?? match[3] ?? match[4] ?? '').replace(/\\(["'`\\])/g, '$1');
    if (end !== -1 && !NEXT_ITEM.test(code.slice(end, match.index))) {
      if (list.length > 1) commands.push(list.map(quoted).join(' '));
      list = [];
    }
    list.push(text);
    end = match.index + match[0].length;
    commands.push(text);
    const places = placesOf(text, scope.folder);
    if (/^[/~.]/.test(text) && places.has('credential')) {
      foundDenying(reader.effects, 'shell.credential_read', 'code that names a file with credentials');
    }
    if (/^(?:https?|wss?|ftp):\/\//i.test(text)) {
      readUrlOf(field(text), scope, reader);
    }
  }
  if (list.length > 1) commands.push(list.map(quoted).join(' '));
  if (!runs) return;
  for (const command of new Set(commands)) {
    // Texts that are no commands are common: only what a command would do to harm counts.
    if (/\s/.test(command) && isKnown(command)) readPossibleCommand(command, scope, reader);
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A text that may be a command: it counts when it is a whole text of shell. */
function readPossibleCommand(text: string, scope: Scope, reader: Reader): void {
  const script = reader.parse(text);
  if ((script.errors?.length ?? 0) > 0) return;
  reader.nested(() => reader.script(script, childScope(scope), undefined));
}
