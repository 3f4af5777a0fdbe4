#!/bin/sh
# An MCP server as small as a process can be: hundreds of them fit on a machine.
# $1 marks it for whoever looks for what was left behind; $2 = stubborn does not end when it is asked to.
[ "$2" = stubborn ] && trap '' TERM

# What a server has started must not outlive it either. It holds the pipes as well.
sleep 3600 &

answer() {
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$1" "$2"
}

while read -r line; do
  case $line in
    *'"id":'*) ;;
    *) continue ;;
  esac
  id=${line#*'"id":'}
  id=${id%%[,\}]*}
  case $line in
    *'"method":"initialize"'*)
      answer "$id" '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"marked","version":"1"}}' ;;
    *'"method":"tools/list"'*)
      answer "$id" '{"tools":[{"name":"quick","inputSchema":{"type":"object"}},{"name":"slow","inputSchema":{"type":"object"}},{"name":"never","inputSchema":{"type":"object"}}]}' ;;
    *'"name":"slow"'*)
      (sleep 0.3; answer "$id" '{"content":[{"type":"text","text":"slow"}]}') & ;;
    *'"name":"never"'*) ;;
    *)
      answer "$id" '{"content":[{"type":"text","text":"quick"}]}' ;;
  esac
done

[ "$2" = stubborn ] && while :; do sleep 3600; done
exit 0
