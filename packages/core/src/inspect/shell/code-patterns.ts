// Calls by which code of other languages does things, whatever the language: a name that several of them share counts
// in all of them. Patterns are linear: what may repeat is bounded or cannot be taken in two ways.

/** Any of the names as a whole, or any of the other patterns. */
function calls(names: string, ...others: readonly RegExp[]): RegExp {
  const whole = `\\b(?:${names.trim().split(/\s+/).join('|')})\\b`;
  return new RegExp([whole, ...others.map(({ source }) => source)].join('|'));
}

/** Starts another program. */
export const RUNS = calls(
  String.raw`
    os\.(?:system|popen|exec\w*|spawn\w*|posix_spawn) subprocess pty\.spawn commands\.getoutput
    child_process execSync spawnSync execFile\w* process\.binding Deno\.(?:run|Command) Bun\.spawn\w*
    shell_exec passthru proc_open pcntl_exec popen[23]? IO\.popen Open3 Kernel\.\w+ qx
    os\.execute io\.popen dofile vim\.fn\.system
    ProcessBuilder getRuntime callCommand exec\.Command Process\.(?:new|[Ss]tart|run|spawn)
    ansi-term shell-command start-process call-process`,
  /\bdo shell script\b|\(term\s+"/,
  /\b(?:system|exec|spawn|fork)\b\s*(?:[("'`$@[{]|qw\b)/,
  /%x[({[]|`[^`]+`|\bBun\.\$/,
  // By a name that is put together, or by another name.
  /\bgetattr\s*\(\s*(?:os|subprocess|shutil|builtins|__builtins__|__import__)\b|__import__\s*\(/,
  /\b(?:os|subprocess|shutil|child_process|require\([^)]{0,40}\)|globalThis|process)\s*\[/,
  /\bfrom\s+(?:os\s+import\s+[\w, ]{0,60}\b(?:system|popen|exec\w*|spawn\w*)|subprocess\s+import)\b/,
  // Pipes of Perl and awk.
  /\bopen\s{0,20}\(?\s{0,20}[A-Z]\w*\s*,\s*["'](?:\||-\||\|-)/,
  /\|\s*getline|print[^;|]{0,200}\|\s*"|\|&/,
);

/** Runs what the environment or a request holds. */
export const RUNS_GIVEN =
  /\b(?:system|exec\w{0,6}|passthru|shell_exec|popen|spawn\w{0,6})\s*\(\s*(?:getenv|os\.(?:environ|getenv)|process\.env|ENV\b|\$_(?:GET|POST|REQUEST|ENV|SERVER|COOKIE))/;

/** Opens a connection, or waits for one. */
export const SOCKET = calls(
  String.raw`
    socket socket\.socket socket_(?:create|bind|connect) create_connection fsockopen stream_socket_client
    TCPSocket TCPServer UDPSocket IO::Socket Socket::INET Socket\.tcp Sockets\.T[cC][pP]Client ztcp
    Socket\.connect open_connection net\.(?:connect|Socket|createConnection|createServer|Dial|Listen)`,
  /\bnew Socket\b|\/inet\d?\/(?:tcp|udp)\//,
  /require\s*\(\s*["'](?:node:)?(?:net|dgram|tls)["']\s*\)/,
);

/** Fetches something from the network. */
export const FETCHES = calls(
  String.raw`
    urllib urlopen urlretrieve requests\.\w+ httpx?\.\w+ http\.client aiohttp
    HTTP::Tiny Net::HTTP open-uri URI\.open curl_exec curl_init fetch axios https?\.(?:get|request)`,
  /\bLWP::\b|\brequire\s*\(\s*["'](?:node:)?https?["']\s*\)/,
  /\bfile_get_contents\s*\(\s*["']https?\b/,
);

/** Deletes files or folders. */
export const DELETES = calls(
  String.raw`
    shutil\.rmtree os\.(?:remove|unlink|rmdir|removedirs) send2trash
    FileUtils\.(?:rm\w*|remove\w*) FileUtils::rm\w* File\.(?:delete|unlink) Dir\.(?:delete|rmdir)
    rmSync rmdirSync unlinkSync fs(?:Promises|\.promises)?\.(?:rm|rmdir|unlink) rimraf Deno\.remove(?:Sync)?
    remove_tree rmtree del_tree`,
  /\.promises\s*\.\s*(?:rm|rmdir|unlink)\b|\.(?:unlink|rmdir)\s*\(|\brmdir\s*\(/,
  /\bunlink\b\s*(?:[("'$<]|glob\b|map\b|grep\b)|["']unlink["']/,
  /\bfrom\s+os\s+import\s+[\w, ]{0,60}\b(?:remove|unlink|rmdir|removedirs)\b/,
);

/** Runs a text as code of its own language. */
export const RUNS_TEXT =
  /\b(?:exec|eval|compile|instance_eval|class_eval|Function|loadstring|assert|create_function)\b\s*[("'$]|\beval\s+[A-Za-z]/;

/** The text that is run, where it is written out. */
export const TEXT_THAT_RUNS =
  /\b(?:exec|eval|compile|Function|instance_eval|class_eval|loadstring)\s*\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g;

export const DECODES = calls(
  String.raw`
    b64decode base64_decode decode_base64 decode64 unhexlify fromhex from_hex atob rot13 str_rot13 gzinflate
    marshal\.loads pickle\.loads`,
  /["'](?:base64|hex)["']|\bunpack\b\s{0,20}[(]?\s{0,20}["'](?:m|H|u)/,
);

export const WRITES = calls(
  String.raw`
    writeFile\w* appendFile\w* file_put_contents fwrite write_text write_bytes File\.write createWriteStream`,
  /\bopen\s*\([^)]{0,200},\s{0,20}["'](?:[wax]|r\+)/,
);

/** Ties a program to a connection. */
export const TIES =
  /\b(?:dup2|fdopen|pty\.spawn|pty\.fork)\b|\/bin\/(?:ba|da|z)?sh|["'](?:ba)?sh["']|cmd(?:\.exe)?["']|:in,\s*:out|STDIN->|>&\s*\d/;

/** What macOS starts when somebody logs in. */
export const LOGIN_ITEM = /\bmake\s+(?:new\s+)?login\s+item\b/i;

/** A program that starts itself again and again. */
export const FORKS = /\bfork\s+while\b|\bwhile\b[^;]{0,40}?[:{]\s*(?:os\.)?fork\s*\(/;

/** A command of a shell, given to the wrong interpreter. */
export const IS_SHELL = /^\s*(?:sudo\s+)?(?:rm|git|find|dd|shred|mkfs\S*|chmod|curl|wget)\s+[-\w/.~]/;
