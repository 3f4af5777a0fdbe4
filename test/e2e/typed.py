"""Runs a command on a terminal of its own and types answers. Arguments: a JSON list of [waited for, typed], then the command."""
import json
import os
import pty
import select
import sys

answers = json.loads(sys.argv[1])
child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
said = b""
behind = 0
while True:
    if not select.select([terminal], [], [], 50)[0]:
        os.kill(child, 9)
        sys.exit("nothing came any more")
    try:
        part = os.read(terminal, 4096)
    except OSError:
        part = b""
    if not part:
        break
    said += part
    while answers and answers[0][0].encode() in said[behind:]:
        behind = said.index(answers[0][0].encode(), behind) + len(answers[0][0])
        os.write(terminal, answers.pop(0)[1].encode())
sys.stdout.buffer.write(said)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
# As a shell has it.
sys.exit(code if code >= 0 else 128 - code)
